-- Counted in the transaction that adds or releases numbers, so that no page of the list has to count them.
ALTER TABLE accounts ADD COLUMN held_numbers BIGINT NOT NULL DEFAULT 0 CHECK (held_numbers >= 0);
UPDATE accounts SET held_numbers = (SELECT count(*) FROM numbers WHERE numbers.account_id = accounts.id);
