-- Every tier that moved, by points, by a return or by time. Few rows: one a change, not one a day.

CREATE TABLE IF NOT EXISTS tiers
(
    partition UInt16,
    sequence UInt64 COMMENT 'Of the record that moved it: a checkout, a return, a tick',
    accepted_at DateTime64(3, 'UTC'),
    position UInt32 COMMENT 'Of the change in its record, from 1',
    rule_set UInt32,
    kind LowCardinality(String) COMMENT 'Of the record',
    member String,
    tier_group LowCardinality(String),
    before LowCardinality(String) COMMENT 'Empty below the lowest tier',
    after LowCardinality(String),
    until DateTime64(3, 'UTC') COMMENT 'End of the period the tier is held for; 1970 for no end',
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

ALTER TABLE sink_blocks ADD COLUMN IF NOT EXISTS tiers UInt64 DEFAULT 0 AFTER entries;
