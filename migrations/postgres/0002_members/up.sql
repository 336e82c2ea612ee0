CREATE TABLE members (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE CHECK (length(id) = 26),
    account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
    email TEXT COLLATE "C",
    email_verified_at BIGINT,
    username TEXT COLLATE "C",
    first_name TEXT NOT NULL DEFAULT '',
    last_name TEXT NOT NULL DEFAULT '',
    job_title TEXT NOT NULL DEFAULT '',
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('owner', 'admin', 'supervisor', 'agent')),
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('invited', 'active', 'deactivated', 'removed')),
    password_hash TEXT,
    -- A session counts only while it carries the number that stands here (T6).
    session_epoch BIGINT NOT NULL DEFAULT 0,
    time_zone TEXT,
    theme TEXT NOT NULL DEFAULT 'system' CHECK (theme IN ('system', 'light', 'dark')),
    -- Folded name (or address) by which lists are sorted, and all that search looks into.
    sort_name TEXT COLLATE "C" NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
    invited_by TEXT COLLATE "C",
    joined_at BIGINT NOT NULL DEFAULT 0,
    last_active_at BIGINT NOT NULL DEFAULT 0,
    removed_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id, invited_by) REFERENCES members (account_id, id),
    CHECK (email IS NOT NULL OR username IS NOT NULL OR status = 'removed'),
    CHECK (status <> 'active' OR password_hash IS NOT NULL)
);
CREATE UNIQUE INDEX members_one_owner ON members (account_id) WHERE role = 'owner';
CREATE UNIQUE INDEX members_live_email ON members (account_id, email) WHERE status <> 'removed';
CREATE UNIQUE INDEX members_live_username ON members (account_id, username) WHERE status <> 'removed';
CREATE INDEX members_by_email ON members (email) WHERE status = 'active';
CREATE INDEX members_by_username ON members (username) WHERE status = 'active';
CREATE INDEX members_by_name ON members (account_id, sort_name, id) WHERE status <> 'removed';
CREATE INDEX members_by_role ON members (account_id, role, sort_name, id) WHERE status <> 'removed';
CREATE INDEX members_by_activity ON members (account_id, last_active_at, id) WHERE status <> 'removed';
CREATE INDEX members_by_joining ON members (account_id, joined_at, id) WHERE status <> 'removed';
CREATE INDEX members_by_status ON members (account_id, status, sort_name, id);
CREATE INDEX members_by_inviter ON members (account_id, invited_by);
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX members_search ON members USING gin (folded gin_trgm_ops);

-- "open", "expired" and "void" are an invited member's newest invitation; the other states are history that answers old links (R7).
CREATE TABLE invitations (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    account_id TEXT COLLATE "C" NOT NULL,
    member_id TEXT COLLATE "C" NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('open', 'expired', 'void', 'used', 'cancelled', 'replaced')),
    invited_by TEXT COLLATE "C",
    mail_id TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, id),
    FOREIGN KEY (account_id, invited_by) REFERENCES members (account_id, id)
);
CREATE UNIQUE INDEX invitations_newest ON invitations (account_id, member_id) WHERE state IN ('open', 'expired', 'void');
CREATE INDEX invitations_pending ON invitations (account_id, expires_at) WHERE state = 'open';
CREATE INDEX invitations_by_end ON invitations (expires_at) WHERE state = 'open';
CREATE INDEX invitations_of_member ON invitations (account_id, member_id);
CREATE INDEX invitations_by_inviter ON invitations (account_id, invited_by) WHERE state = 'open';
