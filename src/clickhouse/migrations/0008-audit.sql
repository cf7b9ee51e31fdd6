-- The audit list as it is in the access store, row by row: a copy where whoever can write the one
-- may not be able to write the other. Nothing reads it to decide anything.

CREATE TABLE IF NOT EXISTS audit
(
    sequence UInt64 COMMENT 'From 1 without gaps',
    at DateTime64(3, 'UTC') COMMENT 'When it was done or tried',
    actor String COMMENT 'Who: user:ann, token:…, local:…, system',
    action LowCardinality(String) COMMENT 'Such as tokens.create',
    object String COMMENT 'What it was done to',
    outcome LowCardinality(String) COMMENT 'done or refused',
    detail String COMMENT 'Whatever else is known, JSON',
    previous_hash String COMMENT 'Of the row before',
    hash String COMMENT 'SHA-256 of all of the above, in hexadecimal'
)
ENGINE = MergeTree
ORDER BY sequence
SETTINGS non_replicated_deduplication_window = 10000;
