DROP TABLE audit_heads;
DROP TABLE audit_notes;
DROP TABLE audit_events;
DROP FUNCTION audit_is_append_only();
