-- One row an event, never changed. What names a person stands in audit_notes, whose salted digest is part of the
-- chain: a note can be erased with its person and the chain still verifies.
CREATE TABLE audit_events (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    event TEXT NOT NULL,
    actor_id TEXT,
    target_id TEXT,
    note_digest BLOB NOT NULL,
    chain BLOB NOT NULL,
    UNIQUE (account_id, number)
);
CREATE INDEX audit_events_by_event ON audit_events (account_id, event, number);
CREATE INDEX audit_events_by_actor ON audit_events (account_id, actor_id, number);
CREATE INDEX audit_events_by_target ON audit_events (account_id, target_id, number);
CREATE INDEX audit_events_by_time ON audit_events (account_id, at, number);

CREATE TABLE audit_notes (
    event_id TEXT NOT NULL PRIMARY KEY REFERENCES audit_events (id),
    salt BLOB NOT NULL,
    actor TEXT NOT NULL,
    target TEXT NOT NULL,
    address TEXT NOT NULL,
    details TEXT NOT NULL
);

CREATE TABLE audit_heads (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id),
    number BIGINT NOT NULL,
    chain BLOB NOT NULL
);
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
-- REPLACE deletes without firing the triggers above.
CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events
WHEN EXISTS (SELECT 1 FROM audit_events WHERE id = new.id OR (account_id = new.account_id AND number = new.number))
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_notes_no_replace BEFORE INSERT ON audit_notes
WHEN EXISTS (SELECT 1 FROM audit_notes WHERE event_id = new.event_id)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_notes_no_update BEFORE UPDATE ON audit_notes BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_notes_no_delete BEFORE DELETE ON audit_notes BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
