import { apply } from './apply.ts';
import { followUps } from './fold.ts';
import { digest128 } from './layout/digest.ts';
import type { BatchState } from './ledger/batch-state.ts';
import { type LetterDraft, seal } from './ledger/lease/letter.ts';
import type { Release } from './ledger/lease/waiting-room.ts';
import type { LedgerRecord } from './ledger/record.ts';
import type { Moment } from './ledger/state.ts';
import { idKey } from './ledger/state-reader.ts';
import type { Instant } from './money/units.ts';

/**
 * What a message sets off: letters to other partitions, and checkouts whose wait it ends. Both
 * are folded right behind it, before the next message, so that they have their place in the log.
 */
export type Consequence =
  | { readonly kind: 'letter'; readonly letter: LetterDraft }
  | { readonly kind: 'release'; readonly release: Release };

/** The next thing that the messages so far set off; `undefined` when all is folded. */
export function nextConsequence(state: BatchState, at: Instant): Consequence | undefined {
  const { budgets, waitingRoom: waiting } = state;
  const release = budgets.letters.length === 0 ? waiting.next() : undefined;
  if (release) return { kind: 'release', release };
  if (budgets.letters.length === 0) {
    budgets.answerRecalls(waiting.budgets);
    budgets.askForMore(at);
  }
  const letter = budgets.letters.shift();
  return letter && { kind: 'letter', letter };
}

/** Folds one of them. No record: a checkout goes on waiting. */
export function foldConsequence(
  state: BatchState,
  consequence: Consequence,
  moment: Moment,
): readonly LedgerRecord[] {
  if (consequence.kind === 'release') return foldRelease(state, consequence.release, moment);
  const { partition } = state.budgets;
  const letter = seal(consequence.letter, { partition, sequence: moment.sequence });
  const record = apply(state, letter, moment);
  if (record.kind === 'waits') return [];
  const from = state.inputs.length;
  state.writeInput(letter);
  const digest = digest128(state.inputs.view(from));
  state.stage({ key: idKey(letter.id), digest, record, from, to: state.inputs.length });
  return [record];
}

function foldRelease(state: BatchState, release: Release, now: Moment): readonly LedgerRecord[] {
  const { transaction, acceptedAt, digest } = release;
  const record = apply(state, transaction, { ...now, acceptedAt });
  if (record.kind === 'waits') {
    state.waitingRoom.enter(record.budget, release, digest);
    return [];
  }
  const from = state.inputs.length;
  state.writeInput(transaction);
  const to = state.inputs.length;
  state.stage({ key: idKey(transaction.id), digest, record, from, to });
  return [record, ...followUps(state, now)];
}
