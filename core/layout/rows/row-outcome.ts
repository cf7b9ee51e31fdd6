import { must } from '../../assert.ts';
import type { Instant } from '../../money/units.ts';
import { HOLD_STATES, PARTS } from '../record.ts';
import { skipFields } from './row-goods.ts';
import { type Returned, readReturned } from './row-returned.ts';
import { readSold, type Sold } from './row-sold.ts';
import { NO_TEXT, type Text, type TextReader } from './text-reader.ts';

/** What the tables show of an outcome. */
export interface RowOutcome {
  readonly status: 'accepted' | 'rejected' | 'parked';
  /** Version of the rule set, 0 without one. */
  readonly ruleSet: number;
  readonly ruleSetHash: string;
  readonly reason: Text;
  readonly late: boolean;
  /** What was sold, which a hold is not yet. */
  readonly sold: Sold | undefined;
  readonly returned: Returned | undefined;
  readonly tiers: readonly TierMove[];
}

export interface TierMove {
  readonly member: Text;
  readonly group: Text;
  readonly before: Text;
  readonly after: Text;
  readonly until: Instant | undefined;
}

const NO_TIERS: readonly TierMove[] = [];
/** Integers of a row of points: its type, its precision and nine amounts. */
const POINTS_ROW_NUMBERS = 11;
/** Integers of a change of a partner's block: the partner and three amounts. */
const BLOCK_CHANGE_NUMBERS = 4;

export function readRowOutcome(from: TextReader, hashes: readonly string[]): RowOutcome {
  const { numbers } = from;
  const accepted = numbers.byte() === 1;
  const hasRuleSet = numbers.byte() === 1;
  const ruleSet = hasRuleSet ? numbers.unsigned() : 0;
  const ruleSetHash = hasRuleSet
    ? must(hashes[numbers.unsigned()], 'a rule-set hash is missing in its block')
    : '';
  return accepted
    ? readAccepted(from, ruleSet, ruleSetHash)
    : readRejected(from, ruleSet, ruleSetHash);
}

function readRejected(from: TextReader, ruleSet: number, ruleSetHash: string): RowOutcome {
  const reason = from.name();
  from.text(); // Its path.
  from.text(); // Its message.
  from.optionalText();
  return {
    status: 'rejected',
    ruleSet,
    ruleSetHash,
    reason,
    late: false,
    sold: undefined,
    returned: undefined,
    tiers: NO_TIERS,
  };
}

function readAccepted(from: TextReader, ruleSet: number, ruleSetHash: string): RowOutcome {
  const { numbers } = from;
  const parts = numbers.unsigned();
  const decided = (parts & PARTS.decision) === 0 ? undefined : readSold(from);
  const returned = (parts & PARTS.reversal) === 0 ? undefined : readReturned(from);
  numbers.skipNumbers(POINTS_ROW_NUMBERS * numbers.unsigned());
  const tiers = (parts & PARTS.tiers) === 0 ? NO_TIERS : from.list(readTierMove);
  const isParked = (parts & PARTS.parked) !== 0;
  if (isParked) numbers.skipNumbers(1);
  if ((parts & PARTS.details) !== 0) skipFields(from);
  const isOpen = (parts & PARTS.hold) !== 0 && isOpenHold(from);
  if ((parts & PARTS.topUps) !== 0) skipTopUps(from);
  if ((parts & PARTS.blocks) !== 0) numbers.skipNumbers(BLOCK_CHANGE_NUMBERS * numbers.unsigned());
  return {
    status: isParked ? 'parked' : 'accepted',
    ruleSet,
    ruleSetHash,
    reason: NO_TEXT,
    late: (parts & PARTS.late) !== 0,
    sold: isOpen ? undefined : decided,
    returned,
    tiers,
  };
}

function isOpenHold(from: TextReader): boolean {
  from.text(); // Its id.
  const state = HOLD_STATES[from.numbers.byte()];
  from.numbers.skipNumbers(1);
  return state === 'open';
}

function skipTopUps(from: TextReader): void {
  for (let left = from.numbers.unsigned(); left > 0; left--) {
    from.text();
    from.numbers.skipNumbers(3); // Its type, its precision, its points.
  }
}

function readTierMove(from: TextReader): TierMove {
  const { numbers } = from;
  return {
    member: from.text(),
    group: from.name(),
    before: from.name(),
    after: from.name(),
    // Written from an instant.
    until: numbers.byte() === 0 ? undefined : (numbers.signed() as Instant),
  };
}
