import type { Instant } from '../money/units.ts';
import type { Cancel, Return } from '../transaction/transaction.ts';
import { parkedBytes, parkedKey, parkedPrefix, readParked } from './registry.ts';
import type { ActiveRuleSet, LedgerState, Moment } from './state.ts';
import { dueName } from './state-reader.ts';
import { accepted, rejected, type Verdict } from './verdict.ts';

/**
 * Returns that came before their checkout. They wait under the checkout's id: the checkout takes
 * them along when it comes, and a tick ends their waiting when it does not. Either way the
 * return gets a second, final record in the ledger, and repeating it answers that one.
 */

/** Returns that wait for one checkout; it has to take all of them along. */
export const PARKED_PER_CHECKOUT_MAX = 32;
/** Returns that wait in one partition. */
export const PARKED_MAX = 100_000;

/** What has to be recorded after the present record, because of it. */
export interface FollowUp {
  readonly transaction: Return | Cancel;
  /** `matched`: its checkout is there now. `expired`: it waited long enough. */
  readonly why: 'matched' | 'expired';
}

/** Lets a return wait for its checkout. */
export function park(
  state: LedgerState,
  back: Return | Cancel,
  scene: { readonly moment: Moment; readonly ruleSet: ActiveRuleSet },
): Verdict {
  const { id, checkout, member } = back;
  const prefix = parkedPrefix(checkout);
  const waiting = state.registeredFrom(prefix, PARKED_PER_CHECKOUT_MAX).length;
  if (waiting === PARKED_PER_CHECKOUT_MAX || state.waiting.parked >= PARKED_MAX) {
    const message = 'too many returns wait for their checkouts: send the checkout first';
    return rejected('too-many-parked', '/checkout', message);
  }
  // A sum of an instant and a duration.
  const until = (scene.moment.acceptedAt + scene.ruleSet.tree.parkReturns) as Instant;
  const key = parkedKey(checkout, id);
  state.register(key, parkedBytes({ id, checkout, member, until }));
  state.schedule(dueName(key), until);
  state.waiting.parked += 1;
  return accepted({ parked: until });
}

/** A checkout was accepted: the returns that wait for it follow, in the order they came. */
export function matchParked(state: LedgerState, checkout: string): void {
  const waiting = state.registeredFrom(parkedPrefix(checkout), PARKED_PER_CHECKOUT_MAX);
  const followUps = waiting.flatMap(([key]) => take(state, key, 'matched'));
  followUps.sort((left, right) => left.sequence - right.sequence);
  state.followUps.push(...followUps);
}

/** Time is up for a parked return, named by its key. */
export function expireParked(state: LedgerState, key: string): void {
  state.followUps.push(...take(state, key, 'expired'));
}

function take(
  state: LedgerState,
  key: string,
  why: FollowUp['why'],
): (FollowUp & { readonly sequence: number })[] {
  const bytes = state.registered(key);
  if (!bytes) return [];
  const { id, until } = readParked(bytes);
  state.register(key, undefined);
  state.unschedule(dueName(key), until);
  state.waiting.parked -= 1;
  const record = state.recorded(id);
  const transaction = record?.transaction;
  if (transaction?.kind !== 'return' && transaction?.kind !== 'cancel') return [];
  return [{ transaction, why, sequence: record?.sequence ?? 0 }];
}
