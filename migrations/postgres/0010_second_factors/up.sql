-- Of whom the account asks a second factor at sign-in (T7).
ALTER TABLE accounts ADD COLUMN require_two_factor TEXT COLLATE "C" NOT NULL DEFAULT 'nobody' CHECK (require_two_factor IN ('nobody', 'admins', 'everyone'));
-- When they set up their second factor; 0 while they have none. Every request asks for it, so it stands here and not beside the secret.
ALTER TABLE members ADD COLUMN second_factor_at BIGINT NOT NULL DEFAULT 0;
-- When the password was last given in this session (T8).
ALTER TABLE sessions ADD COLUMN password_at BIGINT NOT NULL DEFAULT 0;
-- Set while the second factor is missing: how sign-in goes on, as JSON. Such a session opens nothing (T7).
ALTER TABLE sessions ADD COLUMN second_step TEXT;

CREATE TABLE second_factors (
    member_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL,
    -- The secret that the authenticator app shares, sealed with the instance key.
    sealed BYTEA NOT NULL,
    -- The 30 seconds of the newest code that was taken: none before it, nor itself, is taken again.
    last_step BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, id)
);

-- Each opens the second step once, in place of a code.
CREATE TABLE recovery_codes (
    member_id TEXT COLLATE "C" NOT NULL,
    digest BYTEA NOT NULL,
    account_id TEXT COLLATE "C" NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (member_id, digest),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, id)
);
