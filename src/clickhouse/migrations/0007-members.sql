-- Rows lie in ledger order, so a member's are scattered over all of it. Which granules may hold an
-- account's rows is kept beside them: a page of a transaction list reads those and no others.

ALTER TABLE entries ADD INDEX IF NOT EXISTS
    by_account_owner account_owner TYPE bloom_filter(0.01) GRANULARITY 1;

-- Of what is there already it is made in the background.

ALTER TABLE entries MATERIALIZE INDEX IF EXISTS by_account_owner;
