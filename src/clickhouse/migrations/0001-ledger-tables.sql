-- The ledger as analysts see it. Rows arrive in ledger order and are never changed, so the tables
-- have no sorting key: merging parts is then plain concatenation, a third of the processor time
-- of a sorted merge. Parts and granules are found by the time and the ledger sequence they hold.
-- Every table remembers the tokens of its last inserts: a repeated sink block changes nothing.

CREATE TABLE IF NOT EXISTS checkouts
(
    partition UInt16 COMMENT 'Partition of the log; with sequence, the identity of the record',
    sequence UInt64 COMMENT 'Ledger sequence in the partition, from 1 without gaps',
    accepted_at DateTime64(3, 'UTC') COMMENT 'When the log stored it',
    occurred_at DateTime64(3, 'UTC') COMMENT 'What the till claims; 1970 to 2106',
    region LowCardinality(String),
    country LowCardinality(String),
    partner LowCardinality(String),
    currency LowCardinality(String),
    rule_set UInt32 COMMENT 'Rule-set version that decided; 0 for none',
    rule_set_hash LowCardinality(String),
    late UInt8 COMMENT '1: decided by the version that was active at the time of purchase',
    kind LowCardinality(String) COMMENT 'checkout, return, cancel, enrol, adjust, tick, activation, unreadable',
    status LowCardinality(String) COMMENT 'accepted or rejected',
    reason LowCardinality(String) COMMENT 'Why it was rejected',
    id String COMMENT 'Transaction id',
    checkout String COMMENT 'The checkout that a return or cancel is about',
    member String,
    store LowCardinality(String),
    channel LowCardinality(String),
    gross Int64 COMMENT 'Money in minor units; negative for what goes back',
    discount Int64,
    delivery Int64,
    delivery_discount Int64,
    paid_with_points Int64,
    payable Int64,
    points_accrued Int64 COMMENT 'Over all point types, in their smallest steps; less when taken back',
    points_redeemed Int64,
    points_expired Int64,
    INDEX by_accepted_at accepted_at TYPE minmax GRANULARITY 1,
    INDEX by_sequence sequence TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(accepted_at)
ORDER BY tuple()
SETTINGS
    non_replicated_deduplication_window = 10000,
    min_bytes_for_wide_part = 104857600,
    ratio_of_defaults_for_sparse_serialization = 1;

CREATE TABLE IF NOT EXISTS lines
(
    partition UInt16,
    sequence UInt64,
    accepted_at DateTime64(3, 'UTC'),
    occurred_at DateTime64(3, 'UTC'),
    region LowCardinality(String),
    store LowCardinality(String),
    currency LowCardinality(String),
    position UInt16 COMMENT 'Of the line in its transaction, from 1',
    line String COMMENT 'Id of the line in the checkout',
    sku String COMMENT 'Empty in a return: view returned_lines finds what was bought',
    category LowCardinality(String) COMMENT 'The first of the line',
    brand LowCardinality(String),
    partner LowCardinality(String) COMMENT 'Of the line, else of the checkout',
    quantity Decimal(18, 3),
    price Int64 COMMENT 'Of one unit before discounts, in minor units',
    gross Int64,
    discount Int64,
    paid_with_points Int64,
    net Int64 ALIAS gross - discount,
    INDEX by_accepted_at accepted_at TYPE minmax GRANULARITY 1,
    INDEX by_sequence sequence TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(accepted_at)
ORDER BY tuple()
SETTINGS
    non_replicated_deduplication_window = 10000,
    min_bytes_for_wide_part = 104857600,
    ratio_of_defaults_for_sparse_serialization = 1;

CREATE TABLE IF NOT EXISTS awards
(
    partition UInt16,
    sequence UInt64,
    accepted_at DateTime64(3, 'UTC'),
    occurred_at DateTime64(3, 'UTC'),
    region LowCardinality(String),
    country LowCardinality(String),
    partner LowCardinality(String),
    currency LowCardinality(String),
    rule_set UInt32,
    promotion LowCardinality(String) COMMENT 'Empty for points that no promotion moved',
    benefit LowCardinality(String),
    target LowCardinality(String) COMMENT 'line, delivery or order',
    position UInt16 COMMENT 'Of the line, from 1; 0 for an award on no line',
    requested Int64 COMMENT 'Before caps, floors and limits',
    applied Int64 COMMENT 'What was granted: minor units, or points where point_type is set',
    discount Int64 COMMENT 'The part of applied that lowers a price, in minor units',
    point_type LowCardinality(String),
    movement LowCardinality(String) COMMENT 'Of points: accrual, redemption, expiry, their reversals, adjustment',
    points Int64 COMMENT 'Signed change of what members own; sums to the points outstanding',
    transactions UInt8 COMMENT '1 once for each promotion and checkout: sum it to count checkouts',
    gross Int64 COMMENT 'Gross of the checkout where transactions is 1, else 0',
    INDEX by_accepted_at accepted_at TYPE minmax GRANULARITY 1,
    INDEX by_sequence sequence TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(accepted_at)
ORDER BY tuple()
SETTINGS
    non_replicated_deduplication_window = 10000,
    min_bytes_for_wide_part = 104857600,
    ratio_of_defaults_for_sparse_serialization = 1;

CREATE TABLE IF NOT EXISTS entries
(
    partition UInt16,
    sequence UInt64,
    accepted_at DateTime64(3, 'UTC'),
    partner LowCardinality(String),
    rule_set UInt32,
    position UInt32 COMMENT 'Of the transfer in its transaction, from 1; both its sides have it',
    account_kind LowCardinality(String) COMMENT 'member, pending, issued, accepted, breakage, adjustment',
    account_owner String COMMENT 'Member or partner; empty where the kind has one account',
    side LowCardinality(String) COMMENT 'debit or credit',
    amount Int64 COMMENT 'Signed; sums to zero in each unit',
    unit LowCardinality(String) COMMENT 'Point type',
    movement LowCardinality(String),
    promotion LowCardinality(String),
    lot String,
    INDEX by_accepted_at accepted_at TYPE minmax GRANULARITY 1,
    INDEX by_sequence sequence TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(accepted_at)
ORDER BY tuple()
SETTINGS
    non_replicated_deduplication_window = 10000,
    min_bytes_for_wide_part = 104857600,
    ratio_of_defaults_for_sparse_serialization = 1;

CREATE TABLE IF NOT EXISTS sink_blocks
(
    deployment String COMMENT 'Whose ledger this database mirrors',
    generation UInt32 COMMENT 'Counts how often it was rebuilt from the first ledger sequence',
    block UInt64 COMMENT 'From 1 without gaps in a generation',
    partitions Array(UInt16),
    firsts Array(UInt64) COMMENT 'First ledger sequence of each partition in the block',
    lasts Array(UInt64),
    checkouts UInt64,
    lines UInt64,
    awards UInt64,
    entries UInt64,
    sent_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (generation, block)
SETTINGS non_replicated_deduplication_window = 10000;
