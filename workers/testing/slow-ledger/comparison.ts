import { isDeepStrictEqual } from 'node:util';
import type { Folded } from '../../../core/fold.ts';
import { readLease } from '../../../core/layout/lease.ts';
import { readMember } from '../../../core/layout/member.ts';
import type { LedgerRecord } from '../../../core/ledger/record.ts';
import {
  BELONGINGS_PREFIX,
  belongingsKey,
  identityKey,
  OUTGOING_PREFIX,
  readIdentity,
  readOutgoing,
} from '../../../core/ledger/registry.ts';
import { instant } from '../../../core/money/units.ts';
import type { ReturnedShare } from '../../../core/outcome/outcome.ts';
import type { PartitionStore } from '../../store/partition-store.ts';
import {
  balanceOf,
  nameOf,
  promisedTo,
  type SlowAccount,
  type SlowLot,
  type SlowPromise,
  sum,
} from './account.ts';
import { dueOf, type Move, type SlowMember } from './book.ts';
import { type Expected, parkedName } from './expected.ts';
import type { SlowLedger } from './ledger.ts';
import { lastUnmerge } from './merging.ts';
import type { Row } from './rows.ts';
import type { SlowTier } from './tiers.ts';

/** The engine and the slow ledger say different things. */
export class Difference extends Error {
  override readonly name = 'Difference';

  constructor(what: string, expected: unknown, found: unknown) {
    super(`${what}\nthe slow ledger: ${written(expected)}\nthe engine:      ${written(found)}`);
  }
}

function written(value: unknown): string {
  return JSON.stringify(value, (_, each) => (each instanceof Map ? [...each] : each));
}

function same(what: string, expected: unknown, found: unknown): void {
  if (!isDeepStrictEqual(expected, found)) throw new Difference(what, expected, found);
}

/** One answer: its status, its rows, every entry, and what it brought to an end. */
export function compareAnswer(expected: Expected, folded: Folded): void {
  if (folded.kind === 'waits') {
    same(`how ${folded.id} was taken`, expected.answer, folded.kind);
    return;
  }
  const { record } = folded;
  same(`how ${record.kind} ${record.id} was taken`, expected.answer, folded.kind);
  compareRecord(expected, record);
  if (folded.kind !== 'recorded') return;
  const { followUps } = folded;
  same(`what ends with ${record.id}`, idsOf(expected.ended), idsOf(followUps));
  for (const [place, ended] of followUps.entries()) {
    const other = expected.ended[place];
    if (other) compareRecord(other, ended);
  }
}

function idsOf(records: readonly { readonly id: string }[]): string[] {
  return records.map(({ id }) => id);
}

export function compareRecord(expected: Expected, record: LedgerRecord): void {
  const { outcome } = record;
  const name = `${record.kind} ${record.id}`;
  same(`the id of ${name}`, expected.id, record.id);
  const reason = outcome.status === 'rejected' ? outcome.reason : '';
  same(`the reason of ${name}`, expected.reason, reason);
  same(`the entries of ${name}`, sorted(expected.moves), sorted(record.transfers));
  if (outcome.status === 'rejected') return;
  same(`whether ${name} was late`, expected.late, outcome.late);
  if (record.kind !== 'activation') {
    same(`the version for ${name}`, expected.version, outcome.ruleSet.version);
  }
  const rows = outcome.points.map(({ precision: _, ...row }) => row);
  same(`the points of ${name}`, byText(expected.rows.filter(says)), byText(rows.filter(says)));
  same(`until when ${name} waits`, expected.parked, outcome.parked);
  same(`the tiers moved by ${name}`, byText(expected.tiers), byText(outcome.tiers));
  const back = outcome.reversal?.lines ?? [];
  same(`what came back by ${name}`, expected.returned, back.map(sharesOf));
}

/** A row in which nothing happened counts as no row. */
function says({ before, after, ...row }: Row): boolean {
  return before !== after || Object.values({ ...row, type: 0 }).some((each) => each !== 0);
}

/** Entries as a set: how a transaction's entries are ordered, or cut in two, means nothing. */
function sorted(moves: readonly Move[]): readonly string[] {
  const sums = new Map<string, number>();
  for (const { movement, from, to, unit, points, promotion, lot } of moves) {
    const text = `${movement} ${from} > ${to} by ${promotion} of ${lot} in ${unit}`;
    sums.set(text, (sums.get(text) ?? 0) + points);
  }
  return [...sums].map(([text, points]) => `${text}: ${points}`).sort();
}

function byText<T>(values: readonly T[]): readonly string[] {
  return values.map((value) => JSON.stringify(Object.entries(Object(value)).sort())).sort();
}

/** Every member's accounts, lots, promises and counters, as they lie in the store. */
export function compareStore(ledger: SlowLedger, store: PartitionStore): void {
  for (const member of ledger.members.values()) {
    compareMember(member, store);
    checkSums(member, ledger);
  }
  for (const [key, counter] of ledger.counters) {
    const bytes = store.counter(`l|${key}`);
    const { uses, units, discount, points } = counter;
    same(`what is used of ${key}`, [uses, units, discount, points], bytes && readLease(bytes).used);
  }
  const due = [...ledger.members.values()]
    .map((member) => ({ member: member.id, dueAt: dueOf(member) }))
    .filter(({ dueAt }) => dueAt < Number.POSITIVE_INFINITY)
    .concat(ledger.parked.map((each) => ({ member: parkedName(each), dueAt: each.until })))
    .concat(mergesDue(ledger))
    .sort((a, b) => a.dueAt - b.dueAt || (a.member < b.member ? -1 : 1));
  const all = store.due(instant(Number.MAX_SAFE_INTEGER), DUE_MAX);
  const isBudget = ({ member }: { readonly member: string }): boolean => /^\n[lb]/.test(member);
  same(
    'who is due when',
    due,
    all.filter((each) => !isBudget(each)),
  );
  compareEnds(
    ledger,
    all.filter((each) => isBudget(each)),
  );
  const relays = [...ledger.relays].map(
    ([id, { from, to, act }]) => `${id} ${from} ${to} ${actText(act)}`,
  );
  const outgoing = store.registeredFrom(OUTGOING_PREFIX, relays.length + 9).map(([, bytes]) => {
    const { id, from, to, act } = readOutgoing(bytes);
    return `${id} ${from} ${to} ${actText(act)}`;
  });
  same('what is under way', relays.sort(), outgoing.sort());
  const kept = [...ledger.identities].map(([identifier, { member, state }]) => {
    return `${identifier} ${member} ${state}`;
  });
  const identities = store.registeredFrom(identityKey(''), kept.length + 9).map(([, bytes]) => {
    const { identifier, member, state } = readIdentity(bytes);
    return `${identifier} ${member} ${state}`;
  });
  same('whose cards these are', kept.sort(), identities.sort());
  const brought = store.registeredFrom(BELONGINGS_PREFIX, ledger.belongings.size + 9);
  same(
    'whose belongings are kept',
    [...ledger.belongings.keys()].map(belongingsKey).sort(),
    brought.map(([key]) => key),
  );
  same('the number of records', ledger.records, store.meta().ledgerSequence);
}

/** What merged members took along is due a moment after the last one at which that is undone. */
function mergesDue({ belongings, members }: SlowLedger) {
  return [...belongings.keys()].map((id) => {
    const member = members.get(id);
    return { member: `\n${belongingsKey(id)}`, dueAt: member ? lastUnmerge(member) + 1 : 0 };
  });
}

const DUE_MAX = 10_000;
const BUDGETS_KEPT = 7 * 86_400_000;

/** Each budget of a period that was spent of here is let go by a tick, a week after its end. */
function compareEnds(
  { counters }: SlowLedger,
  due: readonly { readonly member: string; readonly dueAt: number }[],
): void {
  const at = new Map(due.map(({ member, dueAt }) => [member, dueAt]));
  for (const [key, { until }] of counters) {
    const end = until === undefined ? undefined : until + BUDGETS_KEPT;
    same(`when ${key} is let go`, end, at.get(`\nl|${key}`));
  }
}

/** An act with its lists in an order of their own. */
function actText(act: object): string {
  const said = Object.entries(act).filter(([, value]) => value !== undefined);
  const texts = said.map(([key, value]) => {
    const isList = Array.isArray(value);
    return `${key}: ${isList ? value.map(entryText).sort().join(', ') : String(value)}`;
  });
  return texts.sort().join('; ');
}

function entryText(entry: unknown): string {
  if (typeof entry !== 'object') return String(entry);
  const fields = Object.entries(Object(entry)).filter(([, value]) => value !== undefined);
  return JSON.stringify(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What a member owns, and what is promised, is the sum of the entries. */
function checkSums({ id, accounts, holds }: SlowMember, { sums }: SlowLedger): void {
  for (const [type, account] of accounts) {
    const own = sums.get(`member:${id} ${type}`) ?? 0;
    same(`the sum of ${id}'s entries in ${type}`, own, balanceOf(account));
    const promised = sums.get(`pending:${id} ${type}`) ?? 0;
    same(`the sum of ${id}'s promises in ${type}`, promised, promisedTo(account));
    const held = holds.flatMap(({ points }) => points).filter((lot) => lot.type === type);
    const kept = sums.get(`held:${id} ${type}`) ?? 0;
    same(`the sum of what ${id} holds in ${type}`, kept, sum(held.map(({ points }) => points)));
  }
}

function compareMember(member: SlowMember, store: PartitionStore): void {
  const bytes = store.member(member.id);
  if (!bytes) throw new Difference(`member ${member.id}`, member, undefined);
  const found = readMember(bytes);
  same(`checkouts of ${member.id}`, member.checkouts, found.checkouts);
  const { kind, at, into } = { at: undefined, into: undefined, ...found.standing };
  same(
    `the standing of ${member.id}`,
    { at: undefined, into: undefined, ...member.standing },
    { kind, at, into },
  );
  same(`cards of ${member.id}`, byText([...member.links]), byText([...found.links]));
  same(`open relays of ${member.id}`, member.relays, found.relays);
  const bought = [...member.history].map(([day, of]) => ({ day, ...of }));
  same(`what ${member.id} bought`, byText(bought), byText(found.history));
  same(`counters of ${member.id}`, byText([...member.usage]), byText([...found.usage]));
  same(`holds of ${member.id}`, member.holds.map(heldText), found.holds.map(heldText));
  same(`tiers of ${member.id}`, tiersText(member.tiers), tiersText(found.tiers));
  const types = new Set([...member.accounts.keys(), ...found.accounts.keys()]);
  for (const type of types) {
    const account = member.accounts.get(type) ?? { lots: [], promises: [], debt: 0 };
    const other = found.accounts.get(type) ?? { lots: [], pending: [], debt: 0 };
    same(
      `${type} of ${member.id}`,
      shown(account),
      shown({ lots: other.lots, promises: other.pending, debt: other.debt }),
    );
  }
}

function tiersText(tiers: ReadonlyMap<string, SlowTier>): readonly string[] {
  return [...tiers].map(([group, state]) => {
    const { history, falling, ...rest } = state;
    const past = history.map(({ tier, from, until }) => `${tier} ${from}-${until}`);
    const fall = falling && `${falling.tier} at ${falling.at}`;
    return `${group} ${byText([rest])} ${fall} ${past}`;
  });
}

function heldText({ id, until, points }: HeldShown): string {
  const lots = points.map(
    ({ type, promotion, acceptor, ...lot }) =>
      `${lot.points} ${type} of ${nameOf(lot)} since ${lot.earnedAt} by ${promotion} at ${acceptor ?? 'programme'}`,
  );
  return `${id} until ${until}: ${lots.sort().join(', ')}`;
}

interface HeldShown {
  readonly id: string;
  readonly until: number;
  readonly points: readonly (SlowLot & {
    readonly type: string;
    readonly promotion: string;
    readonly acceptor: string | undefined;
  })[];
}

function shown({ lots, promises, debt }: SlowAccount): object {
  return {
    debt,
    lots: lots.map((lot) => `${nameOf(lot)} since ${lot.earnedAt}: ${lot.points}`).sort(),
    promises: promises.map(promiseShown).sort(),
  };
}

function promiseShown(promise: SlowPromise): string {
  const { promotion, checkout, issuer, creditAt, validFrom, points } = promise;
  return `${promotion} of ${checkout} by ${issuer} at ${creditAt}, from ${validFrom}: ${points}`;
}

/** What a line gives back in numbers; what was bought on it is told for reports. */
function sharesOf({ goods: _goods, awards, ...shares }: ReturnedShare): object {
  const discount = awards.reduce((sum, award) => sum + award.amount, 0);
  if (awards.length > 0) same('the discount by who gave it', shares.discount, discount);
  return shares;
}
