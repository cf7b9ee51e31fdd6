import { createHash } from 'node:crypto';
import { decodeTransaction } from '../../core/transaction/decode.ts';

/** Columns of a file of balances: one row a lot of points. */
export const COLUMNS = [
  'member',
  'type',
  'points',
  'expiresAt',
  'earnedAt',
  'issuer',
  'id',
] as const;
export type Column = (typeof COLUMNS)[number];
export const REQUIRED: readonly Column[] = ['member', 'type', 'points'];

export type BalanceRow = Readonly<Record<Column, string>>;

/** A row that is not imported: where, why, and what to do about it. */
export interface RowProblem {
  readonly line: number;
  /** The column, or `''` when it is about the row as a whole. */
  readonly column: string;
  readonly reason: string;
  readonly message: string;
}

/** A row that can be sent. */
export interface PlannedRow {
  readonly line: number;
  readonly member: string;
  /** Under its first id; see `retried`. */
  readonly transaction: Readonly<Record<string, unknown>> & { readonly id: string };
}

/** Makes a row an `adjust` with a lot, or says what is wrong with it. */
export function planRow(
  row: BalanceRow,
  about: { readonly line: number; readonly id: string },
): PlannedRow | RowProblem {
  const { line, id } = about;
  if (!/^\d+(\.\d+)?$/.test(row.points)) {
    const message = `\`${row.points}\` is no amount of points: write a decimal number above 0`;
    return { line, column: 'points', reason: 'wrong-type', message };
  }
  const lot = withoutBlanks({
    issuer: row.issuer,
    earnedAt: row.earnedAt,
    expiresAt: row.expiresAt,
  });
  const head = { id, kind: 'adjust', member: row.member, type: row.type };
  const transaction = { ...head, amount: Number(row.points), comment: 'import', lot };
  const decoded = decodeTransaction(transaction);
  if (decoded.ok) return { line, member: row.member, transaction };
  const { reason, path, message } = decoded.rejection;
  return { line, column: columnOf(path), reason, message };
}

function withoutBlanks(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}

/** The column that a place in the transaction comes from. */
export function columnOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'amount') return 'points';
  return COLUMNS.some((column) => column === name) ? name : '';
}

/**
 * Names a row by what it is about, not by how many points it brings: when a file is sent again
 * with another amount, the first one stands and the difference is told, never added.
 */
export function nameOf({ id, member, type, issuer, earnedAt, expiresAt }: BalanceRow): string {
  if (id !== '') return `id/${id}`;
  const about = JSON.stringify([member, type, issuer, earnedAt, expiresAt]);
  return createHash('sha256').update(about).digest('base64url').slice(0, 27);
}

/** The same row under its next id, after a try that moved nothing. */
export function retried(row: PlannedRow, attempt: number): PlannedRow {
  return { ...row, transaction: { ...row.transaction, id: `${row.transaction.id}/${attempt}` } };
}
