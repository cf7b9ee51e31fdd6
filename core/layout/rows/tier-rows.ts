import { LargeIntegers, SmallIntegers, Texts } from './native-column.ts';
import type { RowRecord } from './row-record.ts';
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

  add(partition: number, record: RowRecord): void {
    const { bytes, outcome } = record;
    const { columns } = this;
    for (let index = 0; index < outcome.tiers.length; index += 1) {
      const move = outcome.tiers[index];
      if (move === undefined) continue;
      columns.partition.push(partition);
      columns.sequence.push(record.sequence);
      columns.accepted_at.push(shownInstant(record.acceptedAt));
      columns.position.push(index + 1);
      columns.rule_set.push(outcome.ruleSet);
      columns.kind.push(record.kind);
      columns.member.copy(bytes, move.member);
      columns.tier_group.copy(bytes, move.group);
      columns.before.copy(bytes, move.before);
      columns.after.copy(bytes, move.after);
      columns.until.push(move.until === undefined ? 0 : shownInstant(move.until));
      this.endRow();
    }
  }
}
