-- Who was removed is found by their address when they are invited again (R11).
CREATE INDEX members_former_email ON members (account_id, email) WHERE status = 'removed';

-- A file of people to invite, from its check to its end (R25-R30).
CREATE TABLE bulk_invites (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    -- What the file was called where it came from.
    title TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'checked' CHECK (state IN ('checked', 'sending', 'done', 'stopped')),
    -- People who are invited already are sent another invitation.
    resend_pending BOOLEAN NOT NULL,
    -- The file's own header and what its reader did, as JSON, and what stood between its cells.
    headers TEXT NOT NULL,
    notices TEXT NOT NULL,
    delimiter TEXT NOT NULL,
    uploaded_by TEXT,
    started_by TEXT,
    -- From where it was started, for the audit log.
    started_from TEXT NOT NULL DEFAULT '',
    -- How many rows it has, how many of them were to be sent, and how many stand at each outcome.
    lines BIGINT NOT NULL,
    sendable BIGINT NOT NULL,
    to_invite BIGINT NOT NULL,
    to_resend BIGINT NOT NULL,
    skipped BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    invited BIGINT NOT NULL DEFAULT 0,
    resent BIGINT NOT NULL DEFAULT 0,
    -- Every row up to this line is settled.
    sent_to BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    started_at BIGINT NOT NULL DEFAULT 0,
    ended_at BIGINT NOT NULL DEFAULT 0,
    -- Its rows were deleted; the counts stay.
    emptied BOOLEAN NOT NULL DEFAULT FALSE,
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id, uploaded_by) REFERENCES members (account_id, id),
    FOREIGN KEY (account_id, started_by) REFERENCES members (account_id, id)
);
CREATE INDEX bulk_invites_sending ON bulk_invites (id) WHERE state = 'sending';

-- Its rows. One that is to be sent moves once to what became of it, in the transaction that writes the invitation (R29).
CREATE TABLE bulk_invite_rows (
    account_id TEXT NOT NULL,
    bulk_invite_id TEXT NOT NULL,
    line BIGINT NOT NULL,
    -- The cells as the file has them, as JSON.
    cells TEXT NOT NULL,
    -- The address as it was read; nothing where it is none.
    email TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('invite', 'resend', 'skip', 'error', 'invited', 'resent')),
    reason TEXT NOT NULL,
    PRIMARY KEY (bulk_invite_id, line),
    FOREIGN KEY (account_id, bulk_invite_id) REFERENCES bulk_invites (account_id, id)
);
