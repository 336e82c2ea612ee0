-- One row an event, never changed. What names a person stands in audit_notes, whose salted digest is part of the
-- chain: a note can be erased with its person and the chain still verifies.
CREATE TABLE audit_events (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    event TEXT COLLATE "C" NOT NULL,
    actor_id TEXT COLLATE "C",
    target_id TEXT COLLATE "C",
    note_digest BYTEA NOT NULL,
    chain BYTEA NOT NULL,
    UNIQUE (account_id, number)
);
CREATE INDEX audit_events_by_event ON audit_events (account_id, event, number);
CREATE INDEX audit_events_by_actor ON audit_events (account_id, actor_id, number);
CREATE INDEX audit_events_by_target ON audit_events (account_id, target_id, number);
CREATE INDEX audit_events_by_time ON audit_events (account_id, at, number);

CREATE TABLE audit_notes (
    event_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES audit_events (id),
    salt BYTEA NOT NULL,
    actor TEXT NOT NULL,
    target TEXT NOT NULL,
    address TEXT NOT NULL,
    details TEXT NOT NULL
);

CREATE TABLE audit_heads (
    account_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES accounts (id),
    number BIGINT NOT NULL,
    chain BYTEA NOT NULL
);
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END
$$;
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_notes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_notes FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
