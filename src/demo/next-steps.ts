/** Where the parts of the demo listen, as URLs without a slash at the end. */
export interface DemoAddresses {
  /** The gateway. */
  readonly http: string;
  readonly clickhouse: string;
  /** Where the tables are in it. */
  readonly database: string;
  readonly nats: string;
  readonly metrics: string;
}

/** A question that the tables of the first minute can answer. */
const QUESTION = {
  asks: 'Which promotions gave most away in the last ten minutes, and where?',
  sql: [
    'SELECT country, promotion, sum(transactions) AS checkouts, sum(points_issued) AS points,',
    'round(sum(discount) / 100) AS given, currency FROM activity_by_minute',
    "WHERE promotion != '' AND minute > now() - INTERVAL 10 MINUTE",
    'GROUP BY ALL ORDER BY checkouts DESC LIMIT 10 FORMAT PrettyCompactMonoBlock',
  ].join(' '),
};
/** The most active member of the generated traffic: enrolled within the first seconds. */
const MEMBER = 'm-000001';

/** A basket at which several promotions of the sample programme meet. */
const QUOTE = {
  id: 'try/1',
  kind: 'quote',
  store: 'almaty-dala-1',
  channel: 'web',
  currency: 'KZT',
  codes: ['AUTUMN7'],
  lines: [
    { sku: 'DAIR-0001', category: ['food', 'dairy'], quantity: 4, price: 89_000 },
    { sku: 'FRUI-0007', category: ['food', 'fruit'], quantity: '1.250', price: 129_000 },
    { sku: 'GROC-0042', category: ['food', 'grocery'], quantity: 6, price: 415_000 },
  ],
};

/** What to try while the demo runs, ready to be pasted into a shell. */
export function renderNextSteps(addresses: DemoAddresses): string {
  const quote = JSON.stringify({ ...QUOTE, member: MEMBER });
  return [
    'What to try next, in another terminal:',
    '',
    '  # What would this basket cost, and what would it earn?',
    `  curl -s ${addresses.http}/v1/quotes \\`,
    "    -H 'content-type: application/json' \\",
    `    -d ${shellQuoted(quote)}`,
    '',
    '  # The points of a member',
    `  curl -s ${addresses.http}/v1/members/${MEMBER}`,
    '',
    `  # ${QUESTION.asks}`,
    `  curl -s '${addresses.clickhouse}/?database=${addresses.database}' \\`,
    `    --data-binary ${shellQuoted(QUESTION.sql)}`,
    '',
    '  # Metrics for Prometheus',
    `  curl -s ${addresses.metrics}`,
    '',
    `  The log is at ${addresses.nats}. Ctrl-C drains and stops; the next start goes on from there.`,
  ].join('\n');
}

/** In single quotes, so that the shell changes nothing of it. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
