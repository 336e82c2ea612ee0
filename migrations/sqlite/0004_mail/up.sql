CREATE TABLE mails (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    member_id TEXT,
    kind TEXT NOT NULL,
    to_address TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    -- What the letter says, sealed with the instance key; emptied once nobody needs it.
    sealed BLOB,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'failed', 'dropped')),
    attempts BIGINT NOT NULL DEFAULT 0,
    next_at BIGINT NOT NULL,
    lease TEXT,
    leased_until BIGINT NOT NULL DEFAULT 0,
    useful_until BIGINT NOT NULL,
    reason TEXT,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, id)
);
CREATE INDEX mails_due ON mails (next_at) WHERE state = 'queued';
CREATE INDEX mails_of_member ON mails (account_id, member_id);
