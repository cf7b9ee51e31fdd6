import type { LedgerRecord } from '../../ledger/record.ts';
import type { Account, Transfer } from '../../ledger/transfer.ts';
import { LargeIntegers, SmallIntegers, Texts } from './native-column.ts';
import { shownInstant } from './shown-instant.ts';
import { TableRows } from './table.ts';

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

  add(partition: number, record: LedgerRecord): void {
    const { transfers } = record;
    for (let index = 0; index < transfers.length; index += 1) {
      const move = transfers[index];
      if (move === undefined) continue;
      this.#addDebit(move);
      this.#addCredit(move);
      // Of the transfer in its record, from 1; both its sides have the same.
      this.columns.position.repeat(index + 1, 2);
    }
    this.#addShared(partition, record, 2 * transfers.length);
  }

  #addShared(partition: number, record: LedgerRecord, rows: number): void {
    const { columns } = this;
    columns.partition.repeat(partition, rows);
    columns.sequence.repeat(record.sequence, rows);
    columns.accepted_at.repeat(shownInstant(record.acceptedAt), rows);
    columns.partner.repeat(record.partner, rows);
    columns.rule_set.repeat(record.outcome.ruleSet?.version ?? 0, rows);
  }

  #addDebit(move: Transfer): void {
    this.#addAccount(move.from);
    this.columns.balance.push(isSpendable(move.from) ? move.balance : 0);
    this.columns.side.push('debit');
    this.columns.amount.push(-move.points);
    this.#addCause(move);
  }

  #addCredit(move: Transfer): void {
    this.#addAccount(move.to);
    this.columns.balance.push(isSpendable(move.to) ? move.balance : 0);
    this.columns.side.push('credit');
    this.columns.amount.push(move.points);
    this.#addCause(move);
  }

  /** `member:m-1` is an account of kind `member` owned by `m-1`; `breakage` has no owner. */
  #addAccount(account: Account): void {
    const { account_kind, account_owner } = this.columns;
    const colon = account.indexOf(':');
    if (colon < 0) {
      account_kind.push(account);
      account_owner.push('');
    } else {
      account_kind.push(account, 0, colon);
      account_owner.push(account, colon + 1);
    }
  }

  #addCause({ unit, movement, promotion, lot }: Transfer): void {
    const { columns } = this;
    columns.unit.push(unit);
    columns.movement.push(movement);
    columns.promotion.push(promotion);
    columns.lot.push(lot);
    this.endRow();
  }
}

const isSpendable = (account: Account): boolean => account.startsWith('member:');
