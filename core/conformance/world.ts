import type { ArbitrationTree } from '../arbitration/tree.ts';
import { assert } from '../assert.ts';
import { fold } from '../fold.ts';
import { BatchState } from '../ledger/batch-state.ts';
import { available, newAccount, pendingPoints } from '../ledger/lots.ts';
import type { Member } from '../ledger/member.ts';
import { newPartitionMeta } from '../ledger/partition-meta.ts';
import type { StateReader } from '../ledger/state-reader.ts';
import { type Instant, instant } from '../money/units.ts';
import { type OutcomeJson, renderExisting, renderOutcome } from '../outcome/render.ts';
import { decodeTransaction } from '../transaction/decode.ts';
import type { Transaction } from '../transaction/transaction.ts';
import { carryRelays } from './carrier.ts';
import type { Json } from './fixture.ts';
import { describedMember } from './member.ts';

/** Transactions that do not say when they occur do so from here on, a second apart. */
export const FIXED_INSTANT = instant(Date.UTC(2026, 5, 15, 12, 0, 0));
const SECOND = 1_000;

/** Answers transactions one after the other. */
export interface World {
  readonly process: (transaction: Json) => OutcomeJson;
  /** What a member has now, by point type, as decimals; `undefined`: there is no such member. */
  readonly balancesOf: (member: string) => Json | undefined;
}

/** A partition in memory that starts empty, with one rule set active from the beginning. */
export function openWorld(tree: ArbitrationTree, members: readonly Json[]): World {
  const meta = {
    ...newPartitionMeta(0, 1),
    activations: [{ version: 1, hash: tree.hash, activeFrom: instant(0) }],
  };
  const state = new BatchState(emptyReader(meta), { usable: () => true, treeOf: () => tree });
  let sequence = 0;
  let now: Instant = instant(FIXED_INSTANT - SECOND);
  return {
    process(json) {
      sequence += 1;
      const decoded = decodeTransaction(json);
      const claimed = decoded.ok ? occurredAt(decoded.transaction) : undefined;
      const isFirst = sequence === 1 && claimed !== undefined;
      const next = instant(now + SECOND);
      now = isFirst ? claimed : instant(Math.max(next, claimed ?? next));
      // Members own what they own since just before the first transaction, whenever that is.
      if (sequence === 1) {
        const before = instant(now - SECOND);
        for (const member of members) state.putMember(describedMember(member, tree, before).member);
      }
      if (!decoded.ok) return refused(json, decoded.rejection, tree);
      const moment = { sequence, streamSequence: sequence, acceptedAt: now };
      const folded = fold(state, { ok: true, transaction: decoded.transaction }, moment);
      assert(folded.kind !== 'waits', 'one partition holds all budgets: nobody waits');
      if (folded.kind === 'recorded') sequence += folded.followUps.length;
      sequence = carryRelays(state, { ...moment, sequence });
      const { outcome } = folded.record;
      return folded.kind === 'exists' ? renderExisting(outcome) : renderOutcome(outcome);
    },
    balancesOf(id) {
      const member = state.member(id);
      return member && balancesOf(member, tree, now);
    },
  };
}

/** Accounts that were never used have zeros. */
function balancesOf({ accounts, holds }: Member, tree: ArbitrationTree, at: Instant): Json {
  const shown = [...tree.pointTypes.values()].map(({ id, precision }) => {
    const account = accounts.get(id) ?? newAccount(id);
    const held = holds.flatMap((hold) => hold.points).filter(({ type }) => type === id);
    const scale = 10 ** precision;
    const balances = {
      available: available(account, at) / scale,
      pending: pendingPoints(account) / scale,
      held: held.reduce((sum, lot) => sum + lot.points, 0) / scale,
      debt: account.debt / scale,
    };
    return [id, balances] as const;
  });
  return Object.fromEntries(shown);
}

function occurredAt(transaction: Transaction): Instant | undefined {
  if (transaction.kind === 'tick') return transaction.at;
  if (transaction.kind === 'hold') return transaction.checkout.occurredAt;
  return 'occurredAt' in transaction ? transaction.occurredAt : undefined;
}

function refused(
  json: Json,
  { reason, path, message }: { reason: string; path: string; message: string },
  tree: ArbitrationTree,
): OutcomeJson {
  const id = typeof json['id'] === 'string' ? json['id'] : '';
  const ruleSet = { version: 1, hash: tree.hash };
  return renderOutcome({ status: 'rejected', id, reason, path, message, ruleSet });
}

/** A store in which nothing is. */
export function emptyReader(meta: ReturnType<typeof newPartitionMeta>): StateReader {
  return {
    meta: () => meta,
    member: () => undefined,
    index: () => undefined,
    record: () => {
      throw new Error('an empty store has no records');
    },
    reversal: () => undefined,
    counter: () => undefined,
    registered: () => undefined,
    registeredFrom: () => [],
    due: () => [],
  };
}
