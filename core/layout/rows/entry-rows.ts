import { LargeIntegers, SmallIntegers, Texts } from './native-column.ts';
import type { Move, RowRecord } from './row-record.ts';
import { shownInstant } from './shown-instant.ts';
import { contentOf, hasStart, lengthOf } from './stored-text.ts';
import { TableRows } from './table.ts';
import type { Text } from './text-reader.ts';

/** Two rows for each transfer, a debit and a credit, whose amounts sum to zero. */
export class EntryRows extends TableRows {
  readonly columns = {
    partition: new SmallIntegers(2),
    sequence: new LargeIntegers('UInt64'),
    accepted_at: new LargeIntegers("DateTime64(3, 'UTC')"),
    partner: new Texts(),
    rule_set: new SmallIntegers(4),
    position: new SmallIntegers(4),
    account_kind: new Texts(),
    account_owner: new Texts(),
    side: new Texts(),
    amount: new LargeIntegers('Int64'),
    unit: new Texts(),
    movement: new Texts(),
    promotion: new Texts(),
    lot: new Texts(),
    balance: new LargeIntegers('Int64'),
  };

  add(partition: number, record: RowRecord): void {
    const { bytes, moves } = record;
    for (let index = 0; index < moves.length; index += 1) {
      const move = moves[index];
      if (move === undefined) continue;
      this.#addSide(bytes, move, { account: move.from, side: 'debit', amount: -move.points });
      this.#addSide(bytes, move, { account: move.to, side: 'credit', amount: move.points });
      this.#addCause(bytes, move);
      // Of the transfer in its record, from 1; both its sides have the same.
      this.columns.position.repeat(index + 1, 2);
    }
    this.#addShared(partition, record, 2 * moves.length);
  }

  #addShared(partition: number, record: RowRecord, rows: number): void {
    const { columns } = this;
    columns.partition.repeat(partition, rows);
    columns.sequence.repeat(record.sequence, rows);
    columns.accepted_at.repeat(shownInstant(record.acceptedAt), rows);
    columns.partner.repeat(record.bytes, record.partner, rows);
    columns.rule_set.repeat(record.outcome.ruleSet, rows);
  }

  #addSide(
    bytes: Uint8Array,
    { balance }: Move,
    { account, side, amount }: { account: Text; side: 'debit' | 'credit'; amount: number },
  ): void {
    const { columns } = this;
    this.#addAccount(bytes, account);
    columns.balance.push(hasStart(bytes, account, 'member:') ? balance : 0);
    columns.side.push(side);
    columns.amount.push(amount);
    this.endRow();
  }

  /** `member:m-1` is an account of kind `member` owned by `m-1`; `breakage` has no owner. */
  #addAccount(bytes: Uint8Array, account: Text): void {
    const { account_kind, account_owner } = this.columns;
    const start = contentOf(bytes, account);
    const end = start + lengthOf(bytes, account);
    let colon = start;
    while (colon < end && bytes[colon] !== COLON) colon += 1;
    account_kind.copyPart(bytes, start, colon);
    account_owner.copyPart(bytes, Math.min(colon + 1, end), end);
  }

  /** Both sides have the same cause. */
  #addCause(bytes: Uint8Array, { unit, movement, promotion, lot }: Move): void {
    const { columns } = this;
    columns.unit.repeat(bytes, unit, 2);
    columns.movement.push(movement);
    columns.movement.push(movement);
    columns.promotion.repeat(bytes, promotion, 2);
    columns.lot.repeat(bytes, lot, 2);
  }
}

/** `:` in UTF-8. */
const COLON = 0x3a;
