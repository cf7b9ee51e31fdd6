import type { LedgerRecord } from '../../ledger/record.ts';
import { LargeIntegers, SmallIntegers, Texts } from './native-column.ts';
import { shownInstant } from './shown-instant.ts';
import { TableRows } from './table.ts';

/** One row for each tier that moved: by points, by a return, or by time. */
export class TierRows extends TableRows {
  readonly columns = {
    partition: new SmallIntegers(2),
    sequence: new LargeIntegers('UInt64'),
    accepted_at: new LargeIntegers("DateTime64(3, 'UTC')"),
    position: new SmallIntegers(4),
    rule_set: new SmallIntegers(4),
    kind: new Texts(),
    member: new Texts(),
    tier_group: new Texts(),
    before: new Texts(),
    after: new Texts(),
    until: new LargeIntegers("DateTime64(3, 'UTC')"),
  };

  add(partition: number, record: LedgerRecord): void {
    const { outcome } = record;
    if (outcome.status === 'rejected' || outcome.tiers.length === 0) return;
    const { columns } = this;
    for (const [index, { member, group, before, after, until }] of outcome.tiers.entries()) {
      columns.partition.push(partition);
      columns.sequence.push(record.sequence);
      columns.accepted_at.push(shownInstant(record.acceptedAt));
      columns.position.push(index + 1);
      columns.rule_set.push(outcome.ruleSet.version);
      columns.kind.push(record.kind);
      columns.member.push(member);
      columns.tier_group.push(group);
      columns.before.push(before);
      columns.after.push(after);
      columns.until.push(until === undefined ? 0 : shownInstant(until));
      this.endRow();
    }
  }
}
