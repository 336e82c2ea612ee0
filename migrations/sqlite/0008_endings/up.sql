-- When a removed member's personal data is due to be erased, and when it was (R23). An erased row says nothing of anybody.
ALTER TABLE members ADD COLUMN erase_at BIGINT;
ALTER TABLE members ADD COLUMN erased_at BIGINT
    CHECK (erased_at IS NULL OR (status = 'removed' AND erase_at IS NULL AND email IS NULL AND username IS NULL AND password_hash IS NULL AND folded = ''));
CREATE INDEX members_to_erase ON members (erase_at) WHERE erase_at IS NOT NULL;
-- Invitations that were cancelled before there was an end to keep their address for.
UPDATE members SET erase_at = coalesce(removed_at, created_at) + 2419200000000 WHERE status = 'removed';

-- What removed members had, to be given back when they are restored (R23).
CREATE TABLE left_groups (
    account_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    group_id TEXT NOT NULL,
    PRIMARY KEY (account_id, member_id, group_id),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, id),
    FOREIGN KEY (account_id, group_id) REFERENCES user_groups (account_id, id) ON DELETE CASCADE
);
CREATE INDEX left_groups_of_group ON left_groups (account_id, group_id);
CREATE TABLE left_numbers (
    account_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    number_id TEXT NOT NULL,
    PRIMARY KEY (account_id, member_id, number_id),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, id),
    FOREIGN KEY (account_id, number_id) REFERENCES numbers (account_id, id) ON DELETE CASCADE
);
CREATE INDEX left_numbers_of_number ON left_numbers (account_id, number_id);

-- Whom an event's note names beside who did it and whom it happened to.
CREATE TABLE audit_mentions (
    event_id TEXT NOT NULL REFERENCES audit_events (id),
    subject_id TEXT NOT NULL,
    PRIMARY KEY (event_id, subject_id)
);
CREATE INDEX audit_mentions_of_subject ON audit_mentions (subject_id);
CREATE TRIGGER audit_mentions_no_update BEFORE UPDATE ON audit_mentions BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_mentions_no_delete BEFORE DELETE ON audit_mentions BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- The one exception of the audit log: a note goes with a person whom it names, once that person's row is erased.
DROP TRIGGER audit_notes_no_delete;
CREATE TRIGGER audit_notes_no_delete BEFORE DELETE ON audit_notes
WHEN NOT EXISTS (
    SELECT 1 FROM members WHERE erased_at IS NOT NULL AND id IN (
        SELECT actor_id FROM audit_events WHERE id = old.event_id
        UNION ALL SELECT target_id FROM audit_events WHERE id = old.event_id
        UNION ALL SELECT subject_id FROM audit_mentions WHERE event_id = old.event_id
    )
)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- Without this the search index keeps the trigrams of a text that is gone until it happens to be merged.
INSERT INTO member_search (member_search, rank) VALUES ('secure-delete', 1);
