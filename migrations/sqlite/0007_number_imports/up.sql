-- A file of numbers between its upload and its import, and what became of it (R47). Kept for a day.
CREATE TABLE number_imports (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    -- What the file was called where it came from.
    title TEXT NOT NULL,
    -- The file as it came; nothing once it is imported.
    content BLOB,
    added BIGINT NOT NULL DEFAULT 0,
    skipped BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0,
    -- The rows that failed, with the reason, as CSV.
    failed_rows TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    UNIQUE (account_id, id)
);
CREATE INDEX number_imports_by_age ON number_imports (created_at);
