ALTER TABLE accounts DROP COLUMN held_numbers;
