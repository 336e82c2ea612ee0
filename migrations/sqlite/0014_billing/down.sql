DROP TABLE ledger_entries;
DROP TABLE invoices;
DROP TABLE subscriptions;
DROP TRIGGER accounts_paid_covers_active;
ALTER TABLE accounts DROP COLUMN closed_at;
ALTER TABLE accounts DROP COLUMN paid_seats;
