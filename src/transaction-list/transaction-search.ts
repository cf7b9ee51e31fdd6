import type { Reach } from '../../ops/access/roles.ts';
import type { ClickHouse, Row } from '../clickhouse/client.ts';

/** What to look for among all transactions. Instants are milliseconds since 1970. */
export interface TransactionFilter {
  /** When the log took it: included. */
  readonly from: number;
  /** Not included. */
  readonly to: number;
  readonly limit: number;
  /** The `next` of the page before. */
  readonly before?: string | undefined;
  readonly member?: string | undefined;
  readonly store?: string | undefined;
  readonly partner?: string | undefined;
  readonly region?: string | undefined;
  readonly kind?: string | undefined;
  readonly status?: string | undefined;
  readonly reason?: string | undefined;
  /** Only what whoever asks is responsible for. */
  readonly stores: Reach;
  readonly partners: Reach;
}

/** A transaction as a list shows it. Money is in minor units. */
export interface FoundTransaction {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly reason: string | null;
  readonly member: string | null;
  readonly store: string;
  readonly region: string;
  readonly partner: string;
  readonly currency: string;
  readonly occurredAt: string;
  readonly acceptedAt: string;
  readonly ruleSet: number;
  readonly gross: number;
  readonly discount: number;
  readonly payable: number;
  readonly partition: number;
  readonly sequence: number;
}

export interface FoundPage {
  /** Newest first. */
  readonly transactions: readonly FoundTransaction[];
  readonly next: string | null;
}

/**
 * When the log took it, its partition, its place in the ledger of that, and the end of the search:
 * the first page decides what `now` is for all of them.
 */
export const SEARCH_CURSOR = '^[0-9]{1,15}-[0-9]{1,5}-[0-9]{1,15}-[0-9]{1,15}$';

/** The end of the search whose next page this is. */
export function endOf(cursor: string): number {
  return Number(cursor.split('-')[3]);
}

/** A search that takes longer is put off; a shorter range of time makes it quicker. */
const SECONDS_MAX = 15;

const COLUMNS = ['member', 'store', 'partner', 'region', 'kind', 'status', 'reason'] as const;

/** Transactions of the whole programme, from ClickHouse, about a second behind the ledger. */
export async function searchTransactions(
  clickhouse: ClickHouse,
  filter: TransactionFilter,
): Promise<FoundPage> {
  const { from, to, limit, before } = filter;
  const parameters: Record<string, string | readonly string[]> = {
    from: `${from}`,
    to: `${to}`,
    limit: `${limit + 1}`,
  };
  const conditions = [
    'accepted_at >= fromUnixTimestamp64Milli({from:Int64})',
    'accepted_at < fromUnixTimestamp64Milli({to:Int64})',
  ];
  for (const column of COLUMNS) {
    const wanted = filter[column];
    if (wanted === undefined) continue;
    conditions.push(`${column} = {${column}:String}`);
    parameters[column] = wanted;
  }
  for (const [column, reach] of [
    ['store', filter.stores],
    ['partner', filter.partners],
  ] as const) {
    if (reach === 'all') continue;
    conditions.push(`has({own_${column}:Array(String)}, ${column})`);
    parameters[`own_${column}`] = reach;
  }
  if (before !== undefined) {
    const [at = '0', partition = '0', sequence = '0'] = before.split('-');
    conditions.push(
      '(toUnixTimestamp64Milli(accepted_at), partition, sequence)' +
        ' < ({at:Int64}, {partition:UInt16}, {sequence:UInt64})',
    );
    Object.assign(parameters, { at, partition, sequence });
  }
  const rows = await clickhouse.rows(
    `SELECT partition, sequence, id, kind, status, reason, member, store, region, partner,
      currency, rule_set, gross, discount, payable,
      toUnixTimestamp64Milli(accepted_at) AS accepted,
      toUnixTimestamp64Milli(occurred_at) AS occurred
    FROM checkouts WHERE ${conditions.join(' AND ')}
    ORDER BY accepted_at DESC, partition DESC, sequence DESC LIMIT {limit:UInt32}
    SETTINGS max_execution_time = ${SECONDS_MAX}`,
    parameters,
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const isMore = rows.length > limit && last !== undefined;
  const next = isMore ? `${last['accepted']}-${last['partition']}-${last['sequence']}-${to}` : null;
  return { transactions: shown.map(found), next };
}

function found(row: Row): FoundTransaction {
  const text = (column: string): string => row[column] ?? '';
  const number = (column: string): number => Number(row[column] ?? 0);
  const instant = (column: string): string => new Date(number(column)).toISOString();
  return {
    id: text('id'),
    kind: text('kind'),
    status: text('status'),
    reason: text('reason') || null,
    member: text('member') || null,
    store: text('store'),
    region: text('region'),
    partner: text('partner'),
    currency: text('currency'),
    occurredAt: instant('occurred'),
    acceptedAt: instant('accepted'),
    ruleSet: number('rule_set'),
    gross: number('gross'),
    discount: number('discount'),
    payable: number('payable'),
    partition: number('partition'),
    sequence: number('sequence'),
  };
}
