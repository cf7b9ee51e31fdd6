-- Whatever else moves members' points (imports, top-ups, transfers, tier resets) counts as adjusted,
-- so that the columns go on summing to what members own.

DROP VIEW IF EXISTS activity_of_promotions;

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
    sumIf(
        awards.points,
        awards.movement NOT IN (
            'accrual', 'initial-balance', 'redemption', 'expiry', 'accrual-reversal', 'redemption-reversal'
        )
    ) AS points_adjusted
FROM awards
WHERE awards.benefit NOT IN ('contribution', 'returned')
GROUP BY minute, region, country, partner, currency, promotion, point_type, rule_set;
