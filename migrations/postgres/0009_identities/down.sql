ALTER TABLE members DROP COLUMN must_change_password;
ALTER TABLE members DROP COLUMN device;
