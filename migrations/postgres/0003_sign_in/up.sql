CREATE TABLE sessions (
    key_hash BYTEA NOT NULL PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE CHECK (length(id) = 26),
    account_id TEXT COLLATE "C" NOT NULL,
    member_id TEXT COLLATE "C" NOT NULL,
    epoch BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    flash TEXT,
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, id)
);
CREATE INDEX sessions_of_member ON sessions (account_id, member_id);
CREATE INDEX sessions_by_age ON sessions (last_seen_at);

-- Links that were mailed to prove an address: one purpose each, spent once (T9).
CREATE TABLE mailed_links (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    account_id TEXT COLLATE "C" NOT NULL,
    member_id TEXT COLLATE "C" NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL CHECK (purpose IN ('password_reset', 'email_confirmation', 'email_change')),
    token_hash BYTEA NOT NULL UNIQUE,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('open', 'used', 'ended')),
    email TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, id)
);
CREATE INDEX mailed_links_of_member ON mailed_links (account_id, member_id) WHERE state = 'open';
CREATE INDEX mailed_links_by_end ON mailed_links (expires_at) WHERE state = 'open';

-- Failed tries by keyed hash of an identifier, a device or a client address (T4).
CREATE TABLE throttles (
    key BYTEA NOT NULL PRIMARY KEY,
    tries BIGINT NOT NULL,
    since BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
CREATE INDEX throttles_by_age ON throttles (last_at);
