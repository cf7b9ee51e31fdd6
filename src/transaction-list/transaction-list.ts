import { partitionOf } from '../../core/transaction/key.ts';
import type { ClickHouse, Row } from '../clickhouse/client.ts';

/** One movement of a member's spendable points, in decimals of their type. */
export interface ListedTransaction {
  readonly id: string;
  /** The transaction as its sender named it. */
  readonly externalId: string;
  readonly createdAt: string;
  readonly type: string;
  readonly member: string;
  /** The point type. */
  readonly points: string;
  readonly before: number;
  readonly value: number;
  readonly after: number;
  /** The kind of transaction that moved them. */
  readonly sourceType: string;
  /** The promotion, else what was returned, else the transaction. */
  readonly source: string;
}

export interface TransactionPage {
  /** Newest first. */
  readonly transactions: readonly ListedTransaction[];
  /** Where the next page begins; `undefined` on the last one. */
  readonly next: string | undefined;
}

export interface PageRequest {
  readonly limit: number;
  /** The `next` of the page before. */
  readonly before?: string | undefined;
  /** Only this point type. */
  readonly points?: string | undefined;
}

export const PAGE_DEFAULT = 50;
export const PAGE_MAX = 500;

/** A place in the list: ledger sequence and position of the movement. */
const CURSOR = /^([0-9]{1,15})-([0-9]{1,9})$/;

/** True for what `next` may look like. */
export function isCursor(text: string): boolean {
  return CURSOR.test(text);
}

/**
 * A member's transaction list, from ClickHouse. All of a member is in one partition, so a page is
 * found by ledger sequence; the records it names are looked up by theirs.
 */
export class TransactionList {
  readonly #clickhouse: ClickHouse;
  readonly #partitions: number;
  readonly #precisions: (partition: number) => Promise<Readonly<Record<string, number>>>;

  constructor(parts: {
    readonly clickhouse: ClickHouse;
    readonly partitions: number;
    /** Decimal places by point type. */
    readonly precisions: (partition: number) => Promise<Readonly<Record<string, number>>>;
  }) {
    this.#clickhouse = parts.clickhouse;
    this.#partitions = parts.partitions;
    this.#precisions = parts.precisions;
  }

  async page(member: string, request: PageRequest): Promise<TransactionPage> {
    const partition = partitionOf(member, this.#partitions);
    const [moves, precisions] = await Promise.all([
      this.#moves(partition, member, request),
      this.#precisions(partition),
    ]);
    const shown = moves.slice(0, request.limit);
    const records = await this.#records(partition, shown);
    const transactions = shown.map((move) =>
      listed(move, { partition, member, records, precisions }),
    );
    const last = shown.at(-1);
    const isMore = moves.length > request.limit && last !== undefined;
    return {
      transactions,
      next: isMore ? `${last['sequence']}-${last['position']}` : undefined,
    };
  }

  #moves(partition: number, member: string, request: PageRequest): Promise<readonly Row[]> {
    const { limit, before = '', points = '' } = request;
    const [, sequence = '0', position = '0'] = CURSOR.exec(before) ?? [];
    return this.#clickhouse.rows(
      `SELECT sequence, position, toUnixTimestamp64Milli(accepted_at) AS at, movement,
        unit, amount, balance, promotion
      FROM entries
      WHERE partition = {partition:UInt16} AND account_kind = 'member'
        AND account_owner = {member:String}
        AND ({points:String} = '' OR unit = {points:String})
        AND ({sequence:UInt64} = 0
          OR (sequence, position) < ({sequence:UInt64}, {position:UInt32}))
      ORDER BY sequence DESC, position DESC LIMIT {limit:UInt32}`,
      { partition: String(partition), member, points, sequence, position, limit: `${limit + 1}` },
    );
  }

  async #records(partition: number, moves: readonly Row[]): Promise<ReadonlyMap<string, Row>> {
    const sequences = [...new Set(moves.map((move) => move['sequence'] ?? '0'))];
    if (sequences.length === 0) return new Map();
    const rows = await this.#clickhouse.rows(
      `SELECT sequence, id, kind, checkout FROM checkouts
      WHERE partition = {partition:UInt16} AND sequence IN {sequences:Array(UInt64)}`,
      { partition: String(partition), sequences: `[${sequences}]` },
    );
    return new Map(rows.map((row) => [row['sequence'] ?? '', row]));
  }
}

function listed(
  move: Row,
  from: {
    readonly partition: number;
    readonly records: ReadonlyMap<string, Row>;
    readonly precisions: Readonly<Record<string, number>>;
    readonly member: string;
  },
): ListedTransaction {
  const of = (column: string): string => move[column] ?? '';
  const record = from.records.get(of('sequence')) ?? {};
  const scale = 10 ** (from.precisions[of('unit')] ?? 0);
  const [value, after] = [Number(of('amount')), Number(of('balance'))];
  const { id = '', kind = '', checkout = '' } = record;
  return {
    id: `${from.partition}-${of('sequence')}-${of('position')}`,
    externalId: id,
    createdAt: new Date(Number(of('at'))).toISOString(),
    type: of('movement'),
    member: from.member,
    points: of('unit'),
    before: (after - value) / scale,
    value: value / scale,
    after: after / scale,
    sourceType: kind,
    source: of('promotion') || checkout || id,
  };
}
