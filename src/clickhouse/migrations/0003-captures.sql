-- The capture of a hold is a sale, like a checkout. A hold itself moves no money.

DROP VIEW IF EXISTS activity_of_checkouts;

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
    sumIf(checkouts.gross, checkouts.kind IN ('checkout', 'capture')) AS gross,
    sumIf(checkouts.discount + checkouts.delivery_discount, checkouts.kind IN ('checkout', 'capture')) AS discount,
    -sumIf(checkouts.gross, checkouts.kind IN ('return', 'cancel')) AS returned_gross,
    -sumIf(checkouts.discount + checkouts.delivery_discount, checkouts.kind IN ('return', 'cancel')) AS returned_discount
FROM checkouts
WHERE checkouts.kind IN ('checkout', 'capture', 'return', 'cancel') OR checkouts.status = 'rejected'
GROUP BY minute, region, country, partner, currency, rule_set;
