-- The terms of every plan that this server has offered, the last ones (R31): a plan that leaves the plans file keeps them for
-- the accounts that are on it. Money is whole US cents, a seat and month, a seat and year.
CREATE TABLE kept_plans (
    word TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    price_cents BIGINT NOT NULL CHECK (price_cents >= 0),
    yearly_price_cents BIGINT CHECK (yearly_price_cents >= 0),
    seats_min BIGINT NOT NULL CHECK (seats_min > 0),
    seats_max BIGINT CHECK (seats_max >= seats_min),
    supervisor BOOLEAN NOT NULL
);
