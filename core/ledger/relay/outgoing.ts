import type { Points } from '../../money/units.ts';
import type { RelayAct, SentLot } from '../../transaction/member-transactions.ts';
import type { Take } from '../lots.ts';
import type { Member } from '../member.ts';
import { outgoingBytes, outgoingKey, readOutgoing } from '../registry.ts';
import type { LedgerState, Moment } from '../state.ts';

/**
 * A relay is one partition's ledger asking another one for something. It is written down with
 * what caused it, in the same write, and stays until its answer is written down too; whoever
 * carries relays may send one as often as it likes, because its id is recognised. So what it
 * asks for happens exactly once (ADR 22).
 */
export interface RelayDraft {
  readonly member: Member;
  /** The key whose partition is asked. */
  readonly to: string;
  readonly act: RelayAct;
  /** The transaction that caused it. */
  readonly cause: string;
}

/** Writes a relay down. Several of one record are told apart by their position. */
export function sendRelay(
  state: LedgerState,
  moment: Moment,
  draft: RelayDraft & { readonly position?: number },
): string {
  const { member, to, act, cause, position = 0 } = draft;
  const id = `relay/${state.partition}/${moment.sequence}/${position}`;
  const outgoing = { id, to, from: member.id, act, cause, since: moment.acceptedAt };
  state.register(outgoingKey(id), outgoingBytes(outgoing));
  state.waiting.relays += 1;
  member.relays += 1;
  return id;
}

/** Takes a relay off the list; `undefined` when its answer came before. */
export function endRelay(state: LedgerState, id: string) {
  const bytes = state.registered(outgoingKey(id));
  if (!bytes) return undefined;
  state.register(outgoingKey(id), undefined);
  state.waiting.relays -= 1;
  return readOutgoing(bytes);
}

/** Points taken from lots, ready to travel. */
export function sentLots(type: string, takes: readonly Take[]): SentLot[] {
  return takes.map(({ lot, points }) => sentLot(type, { ...lot, points }));
}

/** One order of keys for all, because the bytes of an act are compared. */
export function sentLot(
  type: string,
  lot: Omit<SentLot, 'type'> & { readonly points: Points },
): SentLot {
  const { issuer, expiresAt, earnedAt, points } = lot;
  return { type, issuer, expiresAt, earnedAt, points };
}
