DROP TABLE recovery_codes;
DROP TABLE second_factors;
ALTER TABLE sessions DROP COLUMN second_step;
ALTER TABLE sessions DROP COLUMN password_at;
ALTER TABLE members DROP COLUMN second_factor_at;
ALTER TABLE accounts DROP COLUMN require_two_factor;
