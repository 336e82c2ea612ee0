-- Where the switch finds their phone: a SIP address or an extension.
ALTER TABLE members ADD COLUMN device TEXT NOT NULL DEFAULT '';
-- Somebody else knows their password: it opens nothing but the page that changes it (R2).
ALTER TABLE members ADD COLUMN must_change_password BOOLEAN NOT NULL DEFAULT FALSE;
