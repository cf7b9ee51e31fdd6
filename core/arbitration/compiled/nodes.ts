import type { MaxDiscount } from '../../rules/normal.ts';
import { allowance, cappedParts, type Way } from '../interpret/caps.ts';
import { onlyIn } from '../interpret/group.ts';
import { hasApplied } from '../interpret/stacking.ts';
import { type Effect, goodsOf, touches } from '../interpret/state.ts';
import { clampToPrices } from '../interpret/sum.ts';
import { runPromotion } from './leaf.ts';
import { runMaximum } from './maximum.ts';
import { inOrder } from './order.ts';
import type { PlannedGroup, PlannedNode, PlannedPromotion } from './plan.ts';
import type { Session } from './session.ts';

/** A child of a group with its candidates: `live[lo]` up to `live[hi]`. */
export interface Branch {
  readonly node: PlannedNode;
  readonly live: readonly number[];
  readonly lo: number;
  readonly hi: number;
}

/** The children of a group that have candidates at all. */
export function branchesOf(group: PlannedGroup, { live, lo, hi }: Omit<Branch, 'node'>): Branch[] {
  const branches: Branch[] = [];
  let at = lo;
  while (at < hi) {
    const node = group.childAt[(live[at] ?? 0) - group.from];
    if (node === undefined) break;
    let next = at + 1;
    while (next < hi && (live[next] ?? 0) < node.to) next += 1;
    branches.push({ node, live, lo: at, hi: next });
    at = next;
  }
  return branches;
}

/** Runs a child: what it does is applied to the session. */
export function run(session: Session, branch: Branch): void {
  const { node } = branch;
  if (node.kind === 'promotion') {
    runPromotion(session, node);
    return;
  }
  const above = session.floors;
  const { limits } = node.group;
  if (limits.minPrice !== undefined) session.floors = session.floorsIn(limits);
  if (node.isPlainChain) runEach(session, node, branch);
  else runGroup(session, node, inOrder(session, node, branchesOf(node, branch)));
  session.floors = above;
}

/** A chain whose children need nothing but the prices that the one before left. */
function runEach(session: Session, group: PlannedGroup, { live, lo, hi }: Branch): void {
  let at = lo;
  while (at < hi) {
    const child = group.childAt[(live[at] ?? 0) - group.from];
    if (child === undefined) break;
    const from = at;
    at += 1;
    if (child.kind === 'promotion') {
      runPromotion(session, child);
      continue;
    }
    while (at < hi && (live[at] ?? 0) < child.to) at += 1;
    run(session, { node: child, live, lo: from, hi: at });
  }
}

function runGroup(session: Session, group: PlannedGroup, branches: readonly Branch[]): void {
  const { mode } = group.group;
  if (mode === 'max') {
    runMaximum(session, group, branches);
    return;
  }
  const owner = group.hasExclusive ? ownerOf(session, branches) : undefined;
  if (owner !== undefined) runAlone(session, group, { branches, owner });
  else if (mode === 'sequential') runChain(session, group, branches);
  else if (mode === 'sum') runSum(session, group, branches);
  else if (group.group.decides === 'across-levels') runFirstAcross(session, group, branches);
  else if (session.level === 'product') runFirstPerLine(session, group, branches);
  else runFirst(session, group, branches);
}

/** Each child on the prices that the one before left. */
export function runChain(session: Session, group: PlannedGroup, branches: readonly Branch[]): void {
  const family = new Family(session, group, 'last-first');
  let stopped = false;
  for (const branch of branches) {
    if (stopped) leave(session, branch, 'stopped-by-another');
    else run(session, branch);
    stopped ||= endsGroup(branch) && family.hasNew();
    family.close();
  }
  family.limit();
}

/** Every child on the same prices; then all together. */
export function runSum(session: Session, group: PlannedGroup, branches: readonly Branch[]): void {
  const family = new Family(session, group, 'pro-rata');
  let stopped = false;
  for (const branch of branches) {
    if (stopped) leave(session, branch, 'stopped-by-another');
    else run(session, branch);
    stopped ||= endsGroup(branch) && family.hasNew();
    family.close();
    family.restorePrices();
  }
  const fits = family.fits();
  family.replace(fits ? undefined : clampToPrices(family.parts(), family.entry(), session));
  family.limit();
}

function endsGroup({ node }: Branch): boolean {
  return node.kind === 'promotion' && node.promotion.stacking.stopAfter;
}

function runFirst(session: Session, group: PlannedGroup, branches: readonly Branch[]): void {
  const family = new Family(session, group, 'pro-rata');
  let won = false;
  for (const branch of branches) {
    if (won) leave(session, branch, 'lost-to-another');
    else run(session, branch);
    won ||= family.hasNew();
    family.close();
    family.restorePrices();
  }
  family.replace(undefined);
  family.limit();
}

/** Each line goes to the first child that does anything on it. */
function runFirstPerLine(session: Session, group: PlannedGroup, branches: readonly Branch[]): void {
  const family = new Family(session, group, 'pro-rata');
  const free = session.at.lines.map(() => true);
  for (const branch of branches) {
    if (!free.includes(true)) {
      leave(session, branch, 'lost-to-another');
      family.close();
      continue;
    }
    run(session, branch);
    if (family.hasNew()) takeFreeLines(session, family, free);
    family.close();
    family.restorePrices();
  }
  family.replace(undefined);
  family.limit();
}

/** Keeps of a child's effects what happens on free lines, and takes those lines. */
function takeFreeLines(session: Session, family: Family, free: boolean[]): void {
  const had = family.newEffects();
  let kept = had;
  if (!areWhollyFree(had, free)) {
    const slots = free.flatMap((isFree, slot) => (isFree ? [slot] : []));
    kept = had.flatMap((effect) => onlyIn(effect, slots));
    family.replaceNew(kept);
    noteLosers(session, had, kept);
  }
  for (const effect of kept) {
    for (let slot = 0; slot < free.length; slot += 1) if (touches(effect, slot)) free[slot] = false;
  }
}

/** Whether effects happen on free lines and nowhere else. */
function areWhollyFree(effects: readonly Effect[], free: readonly boolean[]): boolean {
  for (const effect of effects) {
    let isFelt = false;
    for (let slot = 0; slot < free.length; slot += 1) {
      if (free[slot] !== true && actsOn(effect, slot)) return false;
      isFelt ||= touches(effect, slot);
    }
    if (!isFelt) return false;
  }
  return true;
}

/** Whether anything of an effect would have to go if the slot were not its own. */
function actsOn({ units, requested }: Effect, slot: number): boolean {
  return (units[slot] ?? 0) > 0 || (requested[slot] ?? 0) !== 0;
}

function noteLosers(session: Session, had: readonly Effect[], kept: readonly Effect[]): void {
  for (const { promotion } of had) {
    if (kept.some((effect) => effect.promotion === promotion)) continue;
    const planned = session.plan.promotions[promotion.position];
    if (planned !== undefined) session.note(planned, 'lost-to-another');
  }
}

/** One winner for both levels. */
function runFirstAcross(session: Session, group: PlannedGroup, branches: readonly Branch[]): void {
  const winner =
    branches.find((branch) => hasDone(session, branch)) ??
    branches.find((branch) => wouldDo(session, branch));
  if (winner !== undefined) {
    const others = branches.filter((branch) => branch !== winner);
    for (const branch of others) leave(session, branch, 'lost-to-another');
  }
  const family = new Family(session, group, 'pro-rata');
  for (const branch of winner === undefined ? branches : [winner]) {
    run(session, branch);
    family.close();
  }
  family.limit();
}

function hasDone(session: Session, { node }: Branch): boolean {
  return session.effects.some(
    ({ promotion }) => node.from <= promotion.position && promotion.position < node.to,
  );
}

/** Tries a child without keeping anything, at this level and at the one to come. */
function wouldDo(session: Session, branch: Branch): boolean {
  if (tries(session, branch)) return true;
  if (session.level === 'order') return false;
  session.level = 'order';
  const would = tries(session, branch);
  session.level = 'product';
  return would;
}

function tries(session: Session, branch: Branch): boolean {
  const mark = session.mark();
  session.muted += 1;
  run(session, branch);
  session.muted -= 1;
  const did = session.effects.length > mark.effects;
  session.backTo(mark);
  return did;
}

/** The exclusive promotion that takes the group for itself. */
function ownerOf(session: Session, branches: readonly Branch[]): Branch | undefined {
  return branches.find((branch) => {
    const { node } = branch;
    if (node.kind !== 'promotion' || !node.promotion.stacking.exclusive) return false;
    if (branches.some((other) => other !== branch && hasDone(session, other))) return false;
    return hasDone(session, branch) || wouldDo(session, branch);
  });
}

function runAlone(
  session: Session,
  group: PlannedGroup,
  { branches, owner }: { branches: readonly Branch[]; owner: Branch },
): void {
  // The others are told first, at the prices that they found.
  for (const branch of branches) {
    if (branch !== owner) leave(session, branch, 'suppressed-by-exclusive');
  }
  const family = new Family(session, group, 'last-first');
  run(session, owner);
  family.close();
  family.limit();
}

/** Leaves a child out, and tells each of its promotions why. */
export function leave(session: Session, { live, lo, hi }: Branch, reason: string): void {
  if (session.muted > 0) return;
  for (let at = lo; at < hi; at += 1) {
    const planned = session.plan.promotions[live[at] ?? 0];
    if (planned === undefined || !acts(session, planned)) continue;
    const own = session.verdict(planned) ?? session.at.suppressed.get(planned.promotion);
    session.note(planned, own ?? reason);
  }
}

/** Whether a promotion has anything to say at the present level. */
export function acts(session: Session, planned: PlannedPromotion): boolean {
  const body = session.bodyOf(planned);
  return (session.level === 'product' ? body.product : body.order).length > 0;
}

/** What the children of one group have done so far, a part a child, and their common limit. */
class Family {
  readonly #session: Session;
  readonly #group: PlannedGroup;
  readonly #way: Way;
  readonly #start: number;
  readonly #net: readonly number[];
  /** Where the part of each child ends in the session's effects; made when the first one does. */
  #ends: number[] | undefined;
  /** Where the part of the present child begins. */
  #from: number;

  constructor(session: Session, group: PlannedGroup, way: Way) {
    this.#session = session;
    this.#group = group;
    this.#way = way;
    this.#start = session.effects.length;
    this.#from = this.#start;
    this.#net = session.keptNet();
  }

  hasNew(): boolean {
    return this.#session.effects.length > this.#from;
  }

  newEffects(): readonly Effect[] {
    return this.#session.effects.slice(this.#from);
  }

  replaceNew(effects: readonly Effect[]): void {
    this.#session.effects.length = this.#from;
    for (const effect of effects) this.#session.effects.push(effect);
  }

  close(): void {
    this.#from = this.#session.effects.length;
    if (this.#ends === undefined) this.#ends = [this.#from];
    else this.#ends.push(this.#from);
  }

  /** Prices as the group found them; effects stay known. */
  restorePrices(): void {
    if (this.#session.net === this.#net) return;
    this.#session.restoreNet(this.#net);
  }

  entry(): { readonly net: readonly number[]; readonly effects: readonly Effect[] } {
    return { net: this.#net, effects: this.#session.effects.slice(0, this.#start) };
  }

  parts(): readonly (readonly Effect[])[] {
    let from = this.#start;
    return (this.#ends ?? []).map((end) => {
      const part = this.#session.effects.slice(from, end);
      from = end;
      return part;
    });
  }

  /** Whether all prices bear what the parts take from them together. */
  fits(): boolean {
    const { effects, floors } = this.#session;
    for (let slot = 0; slot < this.#net.length; slot += 1) {
      let taken = 0;
      for (let at = this.#start; at < effects.length; at += 1) {
        taken += effects[at]?.applied[slot] ?? 0;
      }
      const price = this.#net[slot] ?? 0;
      if (taken > Math.max(0, price - (floors[slot] ?? 0))) return false;
    }
    return true;
  }

  /** Puts other parts in the place of these, and prices where they lead. */
  replace(parts: readonly (readonly Effect[])[] | undefined): void {
    const session = this.#session;
    session.restoreNet(this.#net);
    if (parts === undefined) {
      for (let at = this.#start; at < session.effects.length; at += 1) session.lower(at);
      return;
    }
    session.effects.length = this.#start;
    this.#ends = parts.map((part) => {
      for (const effect of part) session.apply(effect);
      return session.effects.length;
    });
  }

  /** Applies the maximum discount of the group. */
  limit(): void {
    const { group } = this.#group;
    const cap = group.limits.maxDiscount;
    if (cap === undefined || this.#session.effects.length === this.#start) return;
    if (cap.per === 'order' && this.#isWithin(cap)) return;
    const entry = this.entry();
    const earlier = entry.effects.filter((effect) => hasApplied(group, [effect]));
    const parts = this.parts();
    const order = { cap, way: this.#way, earlier };
    const capped = cappedParts(parts, order, { state: entry, at: this.#session.at });
    if (capped !== parts) this.replace(capped);
  }

  /** Whether the goods fell by no more than the group allows: seen from the prices alone. */
  #isWithin(cap: MaxDiscount): boolean {
    const { from, to } = this.#group;
    const { effects, net } = this.#session;
    let used = 0;
    for (let at = 0; at < this.#start; at += 1) {
      const effect = effects[at];
      if (effect === undefined || effect.applied === this.#session.zeros) continue;
      const { position } = effect.promotion;
      if (from <= position && position < to) used += goodsOf(effect.applied);
    }
    const before = goodsOf(this.#net);
    return before - goodsOf(net) + used <= allowance(cap, before + used);
  }
}
