-- Instants are microseconds since 1970 UTC (BIGINT); 0 where a column says "never".
CREATE TABLE accounts (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    slug TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT NOT NULL,
    plan TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    -- Counters of members by status, moved in the transaction that moves the member.
    active_members BIGINT NOT NULL DEFAULT 0 CHECK (active_members >= 0),
    invited_members BIGINT NOT NULL DEFAULT 0 CHECK (invited_members >= 0),
    deactivated_members BIGINT NOT NULL DEFAULT 0 CHECK (deactivated_members >= 0),
    removed_members BIGINT NOT NULL DEFAULT 0 CHECK (removed_members >= 0),
    created_at BIGINT NOT NULL
);
