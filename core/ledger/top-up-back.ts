import { type Points, points } from '../money/units.ts';
import type { Refused } from './guards.ts';
import { parseLotName } from './lots.ts';
import { revivedUntil } from './points-back.ts';
import type { Posting } from './posting.ts';
import type { LedgerRecord } from './record.ts';
import { topUpKey } from './registry.ts';
import type { LedgerState } from './state.ts';
import { TOP_UP, type Transfer } from './transfer.ts';

/** The registry remembers which top-ups were given back, for ever: each is given back once. */
const GIVEN_BACK = new Uint8Array([1]);

/**
 * The operator refused a top-up for good: its points go back to the lots they came from, by
 * entries that name it, and once. They wait there for the member's next credit, because a top-up
 * that was refused now would be refused again at once.
 */
export function giveBackTopUp(
  state: LedgerState,
  posting: Posting,
  asked: { readonly topUp: string; readonly type: string; readonly points: Points },
): Refused | undefined {
  const taken = movesOf(state, asked.topUp);
  const [first] = taken;
  if (!first || first.from !== `member:${posting.member.id}`) {
    return refuse('unknown-top-up', 'no such top-up of this member in this ledger');
  }
  const total = taken.reduce((sum, move) => sum + move.points, 0);
  if (first.unit !== asked.type || total !== asked.points) {
    return refuse('unknown-top-up', `the top-up took ${total} steps of \`${first.unit}\``);
  }
  if (state.registered(topUpKey(asked.topUp))) {
    return refuse('top-up-given-back', 'its points were given back before');
  }
  state.register(topUpKey(asked.topUp), GIVEN_BACK);
  for (const move of taken) fillAgain(posting, move);
  return undefined;
}

function fillAgain(posting: Posting, { unit, points: amount, lot, earnedAt }: Transfer): void {
  const { issuer, expiresAt } = parseLotName(lot);
  const until = revivedUntil(expiresAt, posting);
  const back = { issuer, expiresAt: until, earnedAt: earnedAt ?? posting.at, points: amount };
  posting.row(unit).toppedUp -= amount;
  const by = { movement: 'top-up-reversal', from: TOP_UP, promotion: '', quiet: true } as const;
  posting.credit(posting.account(unit), back, by);
}

/** The movements of one top-up; each is named by its transaction and its number there. */
function movesOf(state: LedgerState, topUp: string): readonly Transfer[] {
  const [, transaction = '', number = ''] = /^(.+)\/top-up\/(\d{1,3})$/.exec(topUp) ?? [];
  const record = transaction === '' ? undefined : state.recorded(transaction);
  return record ? movesAt(record, Number(number) - 1) : [];
}

function movesAt(record: LedgerRecord, at: number): readonly Transfer[] {
  const topUps = record.outcome.status === 'accepted' ? (record.outcome.topUps ?? []) : [];
  let skip = topUps.slice(0, at).reduce((sum, each) => sum + each.points, 0);
  let left: number = topUps[at]?.points ?? 0;
  const found: Transfer[] = [];
  // Movements stand in the order of the top-ups, and none belongs to two of them.
  for (const move of record.transfers) {
    if (move.movement !== 'top-up' || left === 0) continue;
    if (skip > 0) {
      skip -= move.points;
      continue;
    }
    const part = Math.min(left, move.points);
    left -= part;
    found.push({ ...move, points: points(part) });
  }
  return found;
}

function refuse(reason: string, message: string): Refused {
  return { ok: false, reason, path: '/topUp', message };
}
