import { instant } from '../money/units.ts';
import type { TierChange, TopUp } from '../outcome/outcome.ts';
import type { ActivationNotice, Tick } from '../transaction/transaction.ts';
import { letBelongingsGo } from './belongings.ts';
import { expireParked } from './parked.ts';
import { Posting } from './posting.ts';
import { BELONGINGS_PREFIX, PARKED_PREFIX } from './registry.ts';
import type { LedgerState, Moment } from './state.ts';
import { dueKey } from './state-reader.ts';
import type { Transfer } from './transfer.ts';
import { accepted, rejected, type Verdict } from './verdict.ts';

/** Members one tick settles at most; the rest waits for the next tick. Keeps a write small. */
export const MEMBERS_PER_TICK_MAX = 1_000;

/** Books what time alone has changed: expiries and matured points of all members that are due. */
export function applyTick(state: LedgerState, tick: Tick, moment: Moment): Verdict {
  const ruleSet = state.active();
  if (!ruleSet) return rejected('no-active-rule-set', '', 'activate a rule-set version first');

  const transfers: Transfer[] = [];
  const topUps: TopUp[] = [];
  const tiers: TierChange[] = [];
  // A tick may not book ahead of the log: what is not due yet could still be spent.
  const at = instant(Math.min(tick.at, moment.acceptedAt));
  for (const id of state.due(at, MEMBERS_PER_TICK_MAX)) {
    const key = dueKey(id);
    if (key !== undefined) {
      // Beside members, returns wait for their checkout, merges and budgets for their end.
      if (key.startsWith(PARKED_PREFIX)) expireParked(state, key);
      else if (key.startsWith(BELONGINGS_PREFIX)) letBelongingsGo(state, key);
      else state.budgets.letGo(key, at);
      continue;
    }
    const member = state.member(id);
    if (!member) continue;
    const { tree } = ruleSet;
    const posting = new Posting({ member, tree, at, zone: tree.zone });
    posting.settle();
    posting.keep(state);
    const result = posting.result();
    transfers.push(...result.transfers);
    topUps.push(...(result.topUps ?? []));
    tiers.push(...result.tiers);
  }
  state.waitingRoom.losePatience(at);
  return accepted({ transfers, tiers, topUps: topUps.length > 0 ? topUps : undefined });
}

/** Makes a rule-set version current from this place of the log on. */
export function applyActivation(
  state: LedgerState,
  notice: ActivationNotice,
  moment: Moment,
): Verdict {
  const { version, hash } = notice;
  if (state.activate({ version, hash, activeFrom: moment.acceptedAt })) return accepted();
  const message = `version ${version} is not known here or does not compile`;
  return rejected('rule-set-refused', '/hash', message);
}
