-- Billing (R31 to R39). Money is whole US cents; days are counted from 1 January 1970, as the account's zone dates them.
-- Seats that the running cycle has paid for (R33); never fewer than there are active members.
ALTER TABLE accounts ADD COLUMN paid_seats BIGINT NOT NULL DEFAULT 0 CHECK (paid_seats >= 0);
-- When a cancelled account closed (R38); only its Owner signs in since.
ALTER TABLE accounts ADD COLUMN closed_at BIGINT;
UPDATE accounts SET paid_seats = active_members;
CREATE FUNCTION paid_covers_active() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'more active members than paid seats';
END $$;
CREATE TRIGGER accounts_paid_covers_active BEFORE UPDATE OF active_members, paid_seats ON accounts
    FOR EACH ROW WHEN (new.active_members > new.paid_seats) EXECUTE FUNCTION paid_covers_active();

-- What an account has bought, its running cycle, and what its end brings. The plan itself is the account's.
CREATE TABLE subscriptions (
    account_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES accounts (id),
    billed TEXT COLLATE "C" NOT NULL CHECK (billed IN ('monthly', 'yearly')),
    -- A seat of the running cycle: what the plan cost when the cycle began, or when the plan was chosen.
    price_cents BIGINT NOT NULL CHECK (price_cents >= 0),
    -- The day of the month on which cycles begin; in shorter months the last one.
    anchor_day BIGINT NOT NULL CHECK (anchor_day BETWEEN 1 AND 31),
    starts_on BIGINT NOT NULL,
    ends_on BIGINT NOT NULL CHECK (ends_on > starts_on),
    -- The instant at which the cycle ends; 0 once the account is closed.
    renews_at BIGINT NOT NULL,
    next_plan TEXT COLLATE "C",
    next_billed TEXT COLLATE "C" CHECK (next_billed IN ('monthly', 'yearly')),
    closes BOOLEAN NOT NULL DEFAULT FALSE,
    -- The newest numbers in use, counted up without gaps.
    entries BIGINT NOT NULL DEFAULT 0 CHECK (entries >= 0),
    invoices BIGINT NOT NULL DEFAULT 0 CHECK (invoices >= 0)
);
CREATE INDEX subscriptions_due ON subscriptions (renews_at) WHERE renews_at > 0;

CREATE TABLE invoices (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
    number BIGINT NOT NULL CHECK (number > 0),
    issued_on BIGINT NOT NULL,
    total_cents BIGINT NOT NULL CHECK (total_cents >= 0),
    status TEXT COLLATE "C" NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'paid', 'failed')),
    -- When it was paid, or failed to be.
    settled_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (account_id, id),
    UNIQUE (account_id, number)
);

-- Every step of the seats, in order: who took one and who left one, renewals, plan changes, and what each cost.
CREATE TABLE ledger_entries (
    account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
    number BIGINT NOT NULL CHECK (number > 0),
    kind TEXT COLLATE "C" NOT NULL,
    member_id TEXT COLLATE "C",
    at BIGINT NOT NULL,
    happened_on BIGINT NOT NULL,
    cycle_starts_on BIGINT NOT NULL,
    -- The plan's name as it was sold.
    plan TEXT NOT NULL,
    billed TEXT COLLATE "C" NOT NULL CHECK (billed IN ('monthly', 'yearly')),
    -- The seats that are charged, each at this price for so many of the cycle's days.
    seats BIGINT NOT NULL CHECK (seats >= 0),
    price_cents BIGINT NOT NULL CHECK (price_cents >= 0),
    days_left BIGINT NOT NULL CHECK (days_left >= 0),
    days_in_cycle BIGINT NOT NULL CHECK (days_in_cycle >= days_left),
    amount_cents BIGINT NOT NULL CHECK (amount_cents >= 0),
    -- The seats as they were afterwards.
    active_seats BIGINT NOT NULL CHECK (active_seats >= 0),
    paid_seats BIGINT NOT NULL CHECK (paid_seats >= active_seats),
    invoice_id TEXT COLLATE "C",
    PRIMARY KEY (account_id, number),
    -- Deferred, since a seat is paid before its member is written.
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (account_id, invoice_id) REFERENCES invoices (account_id, id)
);
-- A cycle is begun, and billed, once (R39).
CREATE UNIQUE INDEX ledger_entries_cycle_begun ON ledger_entries (account_id, cycle_starts_on) WHERE kind IN ('opened', 'renewed', 'reopened');
CREATE INDEX ledger_entries_of_invoice ON ledger_entries (account_id, invoice_id);
CREATE INDEX ledger_entries_of_member ON ledger_entries (account_id, member_id);
