/** Where the parts of the demo listen, as URLs without a slash at the end. */
export interface DemoAddresses {
  /** The gateway. */
  readonly http: string;
  readonly clickhouse: string;
  readonly nats: string;
  readonly metrics: string;
}

/** A question to ClickHouse and what it answers. */
export interface SampleQuery {
  readonly asks: string;
  readonly sql: string;
}

export interface NextSteps {
  readonly addresses: DemoAddresses;
  readonly query: SampleQuery;
  /** A member that is surely there. */
  readonly member: string;
}

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
export function renderNextSteps({ addresses, query, member }: NextSteps): string {
  const quote = JSON.stringify({ ...QUOTE, member });
  return [
    'What to try next, in another terminal:',
    '',
    '  # What would this basket cost, and what would it earn?',
    `  curl -s ${addresses.http}/v1/quotes \\`,
    "    -H 'content-type: application/json' \\",
    `    -d ${shellQuoted(quote)}`,
    '',
    '  # The points of a member',
    `  curl -s ${addresses.http}/v1/members/${encodeURIComponent(member)}`,
    '',
    `  # ${query.asks}`,
    `  curl -s ${addresses.clickhouse}/ --data-binary ${shellQuoted(query.sql)}`,
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
