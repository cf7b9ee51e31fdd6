import { nameOf, type SlowAccount, take } from './account.ts';
import type { Book, SlowMember } from './book.ts';
import { type Desk, type SlowAct, type SlowBelongings, type Verdict, whyNotOpen } from './desk.ts';
import type { Written } from './expected.ts';
import { addRecord, takeRecord, usedOf, withUse } from './track-record.ts';

const DAY = 86_400_000;
const UNMERGE_DAYS = 30;

/** The last instant at which a merge can be undone; infinity for who is not merged. */
export function lastUnmerge({ standing }: SlowMember): number {
  return standing.kind === 'merged' ? (standing.at ?? 0) + UNMERGE_DAYS * DAY : Infinity;
}

/** Everything a member has goes to another one, and comes back when that was wrong (002-19). */
export function merge(desk: Desk, written: Written, at: number): Verdict {
  const { member: id = '' } = written;
  const into = String(written['into']);
  if (into === id) return { refused: 'merge-into-self' };
  const book = desk.bookOf(id, at);
  if (!book) return { refused: 'unknown-member' };
  const refused = whyNotOpen(book.member) ?? whyUnderWay(book.member);
  if (refused) return { refused };
  const { member } = book;
  book.forgetOldUsage();
  const links = [...member.links].filter(([, state]) => state === 'active');
  const brought = {
    ...{ member: into, merged: id, ...takeAll(book, 'transit', 'merge') },
    ...{ identifiers: links.map(([identifier]) => identifier), ...takeRecord(member) },
  };
  desk.belongings.set(id, brought);
  desk.send(member, into, { act: 'absorb', ...brought });
  member.standing = { kind: 'merged', at, into };
  return { book };
}

function whyUnderWay({ relays, holds }: SlowMember): string | undefined {
  return relays > 0 || holds.length > 0 ? 'movement-in-flight' : undefined;
}

/** A tick lets go of what nobody can ask back any more. */
export function forgetOldMerges({ belongings, members }: Desk, at: number): void {
  for (const id of belongings.keys()) {
    const member = members.get(id);
    if (member && lastUnmerge(member) < at) belongings.delete(id);
  }
}

export function unmerge(desk: Desk, { member: id = '' }: Written, at: number): Verdict {
  const stored = desk.members.get(id);
  if (!stored) return { refused: 'unknown-member' };
  if (stored.standing.kind !== 'merged') return { refused: 'not-merged' };
  if (stored.relays > 0) return { refused: 'movement-in-flight' };
  if (at > lastUnmerge(stored)) return { refused: 'unmerge-too-late' };
  const brought = desk.belongings.get(id);
  if (!brought) throw new Error(`what ${id} took along was let go too early`);
  const lots = brought.lots.filter(({ expiresAt }) => (expiresAt ?? Infinity) > at);
  const member = structuredClone(stored);
  desk.members.set(id, member);
  desk.send(member, brought.member, { act: 'release', ...brought, lots });
  return {};
}

/** A member leaves: its points are gone, its cards are free. */
export function close(desk: Desk, { member: id = '' }: Written, at: number): Verdict {
  const book = desk.bookOf(id, at);
  if (!book) return { refused: 'unknown-member' };
  const { member } = book;
  const refused = whyNotOpen(member) ?? whyUnderWay(member);
  if (refused) return { refused };
  takeAll(book, 'breakage', 'forfeit');
  for (const [position, identifier] of [...member.links.keys()].entries()) {
    desk.send(member, identifier, { act: 'mark', identifier, member: id, state: 'free' }, position);
    member.links.set(identifier, 'leaving');
  }
  member.standing = { kind: 'closed', at };
  return { book };
}

/** The survivor takes what it brought, and asks for its cards. */
export function absorb(desk: Desk, book: Book, act: Extract<SlowAct, { act: 'absorb' }>): void {
  bring(book, act, 'merge');
  const { member } = book;
  for (const [position, identifier] of act.identifiers.entries()) {
    if (member.links.get(identifier) === 'active') continue;
    askAlong(desk, member, { identifier, holder: act.merged, position });
  }
}

/** The survivor gives back what was brought; what it has spent of it becomes its debt. */
export function release(book: Book, act: Extract<SlowAct, { act: 'release' }>): void {
  for (const { type, points, ...lot } of act.lots) {
    charge(book, { type, points, lot: nameOf(lot) }, 'unmerge');
  }
  for (const promised of act.pending) {
    const account = book.account(promised.type);
    const broken = book.breakPromises(account, promised);
    const { type: unit, promotion } = promised;
    const sides = { from: book.pending, to: 'transit' };
    if (broken > 0) book.move('unmerge', { ...sides, unit, points: broken, promotion });
    const points = promised.points - broken;
    if (points > 0) charge(book, { type: unit, points, lot: '' }, 'unmerge');
  }
  for (const { type, points } of act.debts) {
    const lot = { issuer: '', expiresAt: book.expiry(type, book.at), earnedAt: book.at, points };
    book.arrive('unmerge', { type, lot, from: 'transit', promotion: '' });
  }
  addRecord(book.member, act, -1);
  for (const identifier of act.identifiers) book.member.links.delete(identifier);
}

/** A return of a merged member's purchase, on the survivor. */
export function correct(book: Book, act: Extract<SlowAct, { act: 'correct' }>): void {
  for (const delta of act.usage) usedOf(book.member.usage, delta, -1);
  for (const each of act.corrections) {
    const { type, correction, partner, points, lot, promotion, checkout, earnedAt } = each;
    if (correction === 'revoke') {
      book.takeBack({ type, points, issuer: partner, checkout, promotion, lot });
      continue;
    }
    const paid = { movement: 'redemption', from: book.own, to: `accepted:${partner}`, unit: type };
    book.giveBack({ ...paid, points, promotion, lot, earnedAt });
  }
}

/** What was merged is there again. */
export function comeHome(desk: Desk, book: Book, act: SlowBelongings): void {
  stayHere(desk, book, act);
  for (const [position, identifier] of act.identifiers.entries()) {
    askAlong(desk, book.member, { identifier, holder: act.member, position });
  }
}

/** Nobody takes the member in: it keeps what it had. */
export function stayHere(desk: Desk, book: Book, act: SlowBelongings): void {
  bring(book, act, 'unmerge');
  book.member.standing = { kind: 'open' };
  desk.belongings.delete(book.member.id);
}

function askAlong(
  desk: Desk,
  member: SlowMember,
  of: { readonly identifier: string; readonly holder: string; readonly position: number },
): void {
  const { identifier, holder, position } = of;
  member.links.set(identifier, 'pending');
  const act = { act: 'claim', identifier, member: member.id, holder } as const;
  desk.send(member, identifier, act, position);
}

function bring(book: Book, brought: SlowBelongings, movement: 'merge' | 'unmerge'): void {
  book.deposit(movement, brought.lots);
  for (const { type, ...promise } of brought.pending) {
    book.account(type).promises.push(promise);
    const { points, promotion } = promise;
    book.move(movement, { from: 'transit', to: book.pending, unit: type, points, promotion });
  }
  for (const { type, points } of brought.debts) charge(book, { type, points, lot: '' }, movement);
  addRecord(book.member, brought, 1);
}

/** Points that are owed leave: out of their lot, then others; what is missing becomes debt. */
function charge(
  book: Book,
  owed: { readonly type: string; readonly points: number; readonly lot: string },
  movement: string,
): void {
  const { type, points, lot } = owed;
  const account = book.account(type);
  const taken = take(account, points, { ...book.order(), first: lot });
  account.debt += points - taken.reduce((sum, each) => sum + each.points, 0);
  book.move(movement, { from: book.own, to: 'transit', unit: type, points, lot });
}

/** Every account is emptied, by entries. */
function takeAll(
  book: Book,
  to: string,
  movement: string,
): Pick<SlowBelongings, 'lots' | 'pending' | 'debts'> {
  const all = [...book.member.accounts].map(([type, account]) => {
    const { lots, promises, debt } = emptied(account);
    for (const lot of lots) {
      const about = { unit: type, points: lot.points, lot: nameOf(lot) };
      book.move(movement, { from: book.own, to, ...about });
    }
    for (const { points, promotion } of promises) {
      book.move(movement, { from: book.pending, to, unit: type, points, promotion });
    }
    if (debt > 0) book.move(movement, { from: to, to: book.own, unit: type, points: debt });
    return {
      lots: lots.map((lot) => ({ type, ...lot })),
      pending: promises.map((promise) => ({ type, ...promise })),
      debts: debt > 0 ? [{ type, points: debt }] : [],
    };
  });
  return {
    lots: all.flatMap(({ lots }) => lots),
    pending: all.flatMap(({ pending }) => pending),
    debts: all.flatMap(({ debts }) => debts),
  };
}

/** Empties an account; its lots come in the order in which they expire. */
function emptied(account: SlowAccount): SlowAccount {
  const { promises, debt } = account;
  const soon = (at: number | undefined): number => at ?? Number.MAX_SAFE_INTEGER;
  const lots = [...account.lots].sort((a, b) => {
    const byTime = soon(a.expiresAt) - soon(b.expiresAt) || a.earnedAt - b.earnedAt;
    return byTime || (a.issuer < b.issuer ? -1 : 1);
  });
  account.lots = [];
  account.promises = [];
  account.debt = 0;
  return { lots, promises, debt };
}

/** A purchase came back meanwhile: what it had brought is not there to be taken home. */
export function correctBrought(desk: Desk, merged: string, act: SlowAct): void {
  const brought = desk.belongings.get(merged);
  if (!brought || act.act !== 'correct') return;
  const account = new Map<string, SlowAccount>();
  const of = (type: string): SlowAccount => {
    const known = account.get(type) ?? { lots: [], promises: [], debt: 0 };
    account.set(type, known);
    return known;
  };
  for (const { type, ...lot } of brought.lots) of(type).lots.push(lot);
  for (const { type, ...promise } of brought.pending) of(type).promises.push(promise);
  for (const { type, points } of brought.debts) of(type).debt += points;
  for (const each of act.corrections) {
    const policy = desk.document().pointTypes.find(({ id }) => id === each.type)?.negative;
    if (each.correction === 'revoke') revoke(of(each.type), each, policy);
    else refill(of(each.type), each);
  }
  desk.belongings.set(merged, {
    ...brought,
    lots: [...account].flatMap(([type, { lots }]) => lots.map((lot) => ({ type, ...lot }))),
    pending: [...account].flatMap(([type, { promises }]) =>
      promises.map((promise) => ({ type, ...promise })),
    ),
    debts: [...account].flatMap(([type, { debt }]) => (debt > 0 ? [{ type, points: debt }] : [])),
    usage: withUse(brought.usage, act.usage, -1),
  });
}

type Correction = Extract<SlowAct, { act: 'correct' }>['corrections'][number];

function revoke(account: SlowAccount, back: Correction, policy = 'unlimited'): void {
  let left = back.points;
  const lessened = <T extends { readonly points: number }>(all: T[], of: (each: T) => boolean) =>
    all.flatMap((each) => {
      const gone = of(each) ? Math.min(left, each.points) : 0;
      left -= gone;
      return each.points === gone ? [] : [{ ...each, points: each.points - gone }];
    });
  account.promises = lessened(
    account.promises,
    ({ checkout, promotion }) => checkout === back.checkout && promotion === back.promotion,
  );
  if (policy === 'only-pending') return;
  account.lots = lessened(account.lots, (lot) => nameOf(lot) === back.lot);
  account.lots = lessened(account.lots, () => true);
  if (policy === 'unlimited') account.debt += left;
}

function refill(account: SlowAccount, back: Correction): void {
  const same = account.lots.find((lot) => nameOf(lot) === back.lot);
  const at = back.lot.lastIndexOf('@');
  const written = back.lot.slice(at + 1);
  const fresh = {
    issuer: back.lot.slice(0, at),
    expiresAt: written === 'never' ? undefined : Number(written),
    earnedAt: back.earnedAt ?? 0,
    points: 0,
  };
  const lot = same ?? fresh;
  const others = account.lots.filter((each) => each !== same);
  account.lots = [...others, { ...lot, points: lot.points + back.points }];
}
