export const SCHEMA = `
CREATE TABLE postings (id text PRIMARY KEY, member text NOT NULL, points bigint NOT NULL,
  before bigint NOT NULL, after bigint NOT NULL CHECK (after >= 0));
CREATE TABLE entries (posting text, account text, amount bigint, balance bigint);
CREATE TABLE accounts (member text PRIMARY KEY, balance bigint NOT NULL) WITH (fillfactor = 50);
CREATE TABLE lots (member text, expires bigint, points bigint NOT NULL,
  PRIMARY KEY (member, expires)) WITH (fillfactor = 50);
`;

/**
 * A batch as one statement: ids, members and points as arrays, and when points given now expire.
 * A spend that is not covered breaks the check of \`after\` and with it the batch, whose sender
 * would send it again one by one; the race never does that.
 */
export const POST = `
WITH input AS (
  SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
    WITH ORDINALITY AS t(id, member, points, n)),
judged AS (
  SELECT i.*, p.id IS NOT NULL AS known, p.before AS was, p.after AS became,
    p.member = i.member AND p.points = i.points AS same,
    row_number() OVER (PARTITION BY i.id ORDER BY i.n) AS turn
  FROM input i LEFT JOIN postings p ON p.id = i.id),
fresh AS (
  SELECT j.n, j.id, j.member, j.points,
    a.balance + sum(j.points) OVER (PARTITION BY j.member ORDER BY j.n) AS after
  FROM judged j JOIN accounts a ON a.member = j.member
  WHERE NOT j.known AND j.turn = 1),
claimed AS (
  INSERT INTO postings SELECT id, member, points, after - points, after FROM fresh),
both_sides AS (
  INSERT INTO entries
  SELECT id, 'adjustment', -points, NULL::bigint FROM fresh
  UNION ALL SELECT id, 'member:' || member, points, after FROM fresh),
moved AS (
  SELECT member, sum(points) AS points,
    coalesce(sum(points) FILTER (WHERE points > 0), 0) AS given,
    coalesce(-sum(points) FILTER (WHERE points < 0), 0) AS spent
  FROM fresh GROUP BY member),
balanced AS (
  UPDATE accounts a SET balance = a.balance + m.points FROM moved m WHERE a.member = m.member),
held AS (
  SELECT member, expires, sum(points) AS points FROM (
    SELECT l.member, l.expires, l.points FROM moved m JOIN lots l ON l.member = m.member
    UNION ALL SELECT member, $4::bigint, given FROM moved WHERE given > 0) AS both_lots
  GROUP BY member, expires),
left_over AS (
  SELECT h.member, h.expires, h.points, m.spent,
    sum(h.points) OVER (PARTITION BY h.member ORDER BY h.expires) AS up_to
  FROM held h JOIN moved m ON m.member = h.member),
kept AS (
  INSERT INTO lots
  SELECT member, expires, least(points, greatest(0, up_to - spent)) FROM left_over
  ON CONFLICT (member, expires) DO UPDATE SET points = excluded.points)
SELECT array_agg(CASE
    WHEN f.id IS NOT NULL THEN 'done'
    WHEN j.same THEN 'exists' WHEN j.known THEN 'conflict' ELSE 'refused' END ORDER BY j.n),
  array_agg(coalesce(f.after - f.points, CASE WHEN j.same THEN j.was END) ORDER BY j.n),
  array_agg(coalesce(f.after, CASE WHEN j.same THEN j.became END) ORDER BY j.n)
FROM judged j LEFT JOIN fresh f ON f.n = j.n
`;

export const TOTALS = `SELECT (SELECT count(*) FROM postings), (SELECT sum(balance) FROM accounts),
  (SELECT sum(points) FROM lots)`;
