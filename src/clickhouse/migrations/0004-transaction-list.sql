-- The transaction list: every movement of spendable points of a member, with what there was before
-- and after it. Rows of a member and point type follow one another without a gap.

ALTER TABLE entries ADD COLUMN IF NOT EXISTS
    balance Int64 COMMENT 'Of a member account: what it holds after the movement; else 0';

CREATE VIEW IF NOT EXISTS transaction_list AS
SELECT
    concat(toString(moved.partition), '-', toString(moved.sequence), '-', toString(moved.position)) AS id,
    records.id AS external_id,
    moved.accepted_at AS created_at,
    moved.movement AS type,
    moved.account_owner AS member,
    moved.unit AS points,
    moved.balance - moved.amount AS balance_before,
    moved.amount AS value,
    moved.balance AS balance_after,
    records.kind AS source_type,
    multiIf(
        moved.promotion != '', toString(moved.promotion),
        records.checkout != '', records.checkout,
        records.id) AS source,
    moved.partition AS partition,
    moved.sequence AS sequence,
    moved.position AS position
FROM entries AS moved
INNER JOIN checkouts AS records
    ON records.partition = moved.partition AND records.sequence = moved.sequence
WHERE moved.account_kind = 'member';

-- What partners pay for promotions has rows among the awards, with the partner who pays; they are
-- no activity of the promotion, whose discount has its own rows.

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
    sumIf(awards.points, awards.movement = 'adjustment') AS points_adjusted
FROM awards
WHERE awards.benefit NOT IN ('contribution', 'returned')
GROUP BY minute, region, country, partner, currency, promotion, point_type, rule_set;
