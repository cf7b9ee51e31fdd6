-- What happened, by minute of purchase, place, partner and promotion. Materialized views add every
-- block as it comes; an aggregate of a repeated block is recognised by its token and dropped.
-- Not split by month: a till may claim any time, and one block must never touch many partitions.

CREATE TABLE IF NOT EXISTS activity
(
    minute DateTime('UTC'),
    region LowCardinality(String),
    country LowCardinality(String),
    partner LowCardinality(String),
    currency LowCardinality(String),
    promotion LowCardinality(String),
    point_type LowCardinality(String),
    rule_set UInt32,
    transactions Int64,
    rejected Int64,
    gross Int64,
    discount Int64,
    returned_gross Int64,
    returned_discount Int64,
    points_issued Int64,
    points_redeemed Int64,
    points_expired Int64,
    points_taken_back Int64,
    points_given_back Int64,
    points_adjusted Int64
)
ENGINE = SummingMergeTree
ORDER BY (minute, region, country, partner, currency, promotion, point_type, rule_set)
SETTINGS non_replicated_deduplication_window = 10000;

-- All promotions together: money and counts, under promotion ''.
CREATE MATERIALIZED VIEW IF NOT EXISTS activity_of_checkouts TO activity AS
SELECT
    toStartOfMinute(occurred_at) AS minute,
    region,
    country,
    partner,
    currency,
    '' AS promotion,
    '' AS point_type,
    rule_set,
    toInt64(countIf(checkouts.status = 'accepted')) AS transactions,
    toInt64(countIf(checkouts.status = 'rejected')) AS rejected,
    sumIf(checkouts.gross, checkouts.kind = 'checkout') AS gross,
    sumIf(checkouts.discount + checkouts.delivery_discount, checkouts.kind = 'checkout') AS discount,
    -sumIf(checkouts.gross, checkouts.kind != 'checkout') AS returned_gross,
    -sumIf(checkouts.discount + checkouts.delivery_discount, checkouts.kind != 'checkout') AS returned_discount
FROM checkouts
WHERE checkouts.kind IN ('checkout', 'return', 'cancel') OR checkouts.status = 'rejected'
GROUP BY minute, region, country, partner, currency, rule_set;

-- Each promotion: the checkouts it took part in, what it gave and what became of its points; under
-- '' the points that no promotion moved.
CREATE MATERIALIZED VIEW IF NOT EXISTS activity_of_promotions TO activity AS
SELECT
    toStartOfMinute(occurred_at) AS minute,
    region,
    country,
    partner,
    currency,
    promotion,
    point_type,
    rule_set,
    toInt64(sum(awards.transactions)) AS transactions,
    sum(awards.gross) AS gross,
    sum(awards.discount) AS discount,
    sumIf(awards.points, awards.movement IN ('accrual', 'initial-balance')) AS points_issued,
    -sumIf(awards.points, awards.movement = 'redemption') AS points_redeemed,
    -sumIf(awards.points, awards.movement = 'expiry') AS points_expired,
    -sumIf(awards.points, awards.movement = 'accrual-reversal') AS points_taken_back,
    sumIf(awards.points, awards.movement = 'redemption-reversal') AS points_given_back,
    sumIf(awards.points, awards.movement = 'adjustment') AS points_adjusted
FROM awards
GROUP BY minute, region, country, partner, currency, promotion, point_type, rule_set;

-- The view to ask: one row a key, however far parts are merged. Promotion '' is all of them
-- together: its money is counted once a checkout, its points are the sum over all promotions.
CREATE VIEW IF NOT EXISTS activity_by_minute AS
SELECT
    minute,
    region,
    country,
    partner,
    currency,
    shown AS promotion,
    point_type,
    rule_set,
    sumIf(activity.transactions, shown = activity.promotion) AS transactions,
    sumIf(activity.rejected, shown = activity.promotion) AS rejected,
    sumIf(activity.gross, shown = activity.promotion) AS gross,
    sumIf(activity.discount, shown = activity.promotion) AS discount,
    sumIf(activity.returned_gross, shown = activity.promotion) AS returned_gross,
    sumIf(activity.returned_discount, shown = activity.promotion) AS returned_discount,
    sum(activity.points_issued) AS points_issued,
    sum(activity.points_redeemed) AS points_redeemed,
    sum(activity.points_expired) AS points_expired,
    sum(activity.points_taken_back) AS points_taken_back,
    sum(activity.points_given_back) AS points_given_back,
    sum(activity.points_adjusted) AS points_adjusted
FROM activity
ARRAY JOIN if(activity.promotion = '', [''], ['', toString(activity.promotion)]) AS shown
GROUP BY minute, region, country, partner, currency, shown, point_type, rule_set;

-- A return names its checkout and the line; what the line was stands in the checkout's row.
CREATE VIEW IF NOT EXISTS returned_lines AS
SELECT
    back.id AS id,
    back.checkout AS checkout,
    returned.partition AS partition,
    returned.sequence AS sequence,
    returned.occurred_at AS occurred_at,
    returned.line AS line,
    bought.sku AS sku,
    bought.category AS category,
    bought.brand AS brand,
    returned.quantity AS quantity,
    returned.gross AS gross,
    returned.discount AS discount
FROM checkouts AS back
INNER JOIN lines AS returned
    ON returned.partition = back.partition AND returned.sequence = back.sequence
INNER JOIN checkouts AS sale
    ON sale.partition = back.partition AND sale.id = back.checkout
INNER JOIN lines AS bought
    ON bought.partition = sale.partition AND bought.sequence = sale.sequence AND bought.line = returned.line
WHERE back.kind IN ('return', 'cancel') AND back.status = 'accepted' AND sale.status = 'accepted';
