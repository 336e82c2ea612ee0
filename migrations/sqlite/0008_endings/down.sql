INSERT INTO member_search (member_search, rank) VALUES ('secure-delete', 0);
DROP TRIGGER audit_notes_no_delete;
CREATE TRIGGER audit_notes_no_delete BEFORE DELETE ON audit_notes BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
DROP TABLE audit_mentions;
DROP TABLE left_numbers;
DROP TABLE left_groups;
DROP INDEX members_to_erase;
ALTER TABLE members DROP COLUMN erased_at;
ALTER TABLE members DROP COLUMN erase_at;
