import { allowance, allowedByOrder, cappedParts, type Way as Limiting } from '../interpret/caps.ts';
import { onlyIn } from '../interpret/group.ts';
import { hasApplied } from '../interpret/stacking.ts';
import { appliedIn, type Effect, touches } from '../interpret/state.ts';
import { bestOf, type Candidate, candidateOf, type Way } from '../maximum/candidate.ts';
import { mergeLines, onLine, solveLines } from '../maximum/lines.ts';
import { weighMultipliers } from '../maximum/multipliers.ts';
import { type Problem, solve } from '../maximum/solve.ts';
import { acts, type Branch, leave, run, runChain, runSum } from './nodes.ts';
import { nodeOf, type PlannedGroup } from './plan.ts';
import type { Session } from './session.ts';

/** Maximum benefit: searches for the best that could be built from the children. */
export function runMaximum(
  session: Session,
  group: PlannedGroup,
  branches: readonly Branch[],
): void {
  session.comparing += 1;
  const raises = branches.some(({ node }) => node.mayRaise);
  const tried: Alone[] = [];
  const live: Branch[] = [];
  const singles: (readonly Effect[])[] = [];
  for (const branch of branches) {
    const one = alone(session, branch);
    tried.push(one);
    if (one.effects.length === 0 && !mayWake(session, branch, raises)) continue;
    live.push(branch);
    singles.push(one.effects);
  }
  const chosen = live.length === 0 ? NOTHING : choose(session, group, { live, singles });
  session.comparing -= 1;
  if (session.muted === 0) tellLosers(session, tried, chosen);
  for (const effect of chosen) session.apply(effect);
}

const NOTHING: readonly Effect[] = [];

/** Whether a child that does nothing alone may do something once siblings moved the prices. */
function mayWake(session: Session, { node, live, lo, hi }: Branch, raises: boolean): boolean {
  if (!raises && !node.couldWake) return false;
  for (let at = lo; at < hi; at += 1) {
    const planned = session.plan.promotions[live[at] ?? 0];
    if (planned === undefined || !acts(session, planned)) continue;
    if (session.bodyOf(planned).followsPrices) return true;
    if (session.verdict(planned) === undefined) return true;
  }
  return false;
}

interface Live {
  readonly live: readonly Branch[];
  readonly singles: readonly (readonly Effect[])[];
}

function choose(session: Session, group: PlannedGroup, found: Live): readonly Effect[] {
  const { combine, scope } = group.group;
  const byLine = scope === 'line' && session.level === 'product';
  const isSingle = combine === 'none' || found.live.length === 1;
  if (!byLine) {
    if (!isSingle) return solve(problemOf(session, group, found)).best?.effects ?? NOTHING;
    return bestOf(singlesOf(session, group, found))?.effects ?? NOTHING;
  }
  const effects = isSingle
    ? bestOnEachLine(singlesOf(session, group, found), session.at.lines.length)
    : solveLines(problemOf(session, group, found)).effects;
  return limited(session, group, { effects, way: 'pro-rata' });
}

function singlesOf(session: Session, group: PlannedGroup, found: Live): readonly Candidate[] {
  return found.live.map((_, index) => builtAlone(session, group, { ...found, index }));
}

function problemOf(session: Session, group: PlannedGroup, { live, singles }: Live): Problem {
  const cap = group.group.limits.maxDiscount;
  return {
    nodes: live.map(({ node }) => nodeOf(node)),
    singles,
    net: session.keptNet(),
    isCapped: cap !== undefined,
    allowed: allowedByOrder({ cap, earlier: earlierIn(session, group) }, session),
    floors: session.floors,
    rules: session.at.rules,
    evaluate: (subset, way) => {
      const [index = 0] = subset;
      const isAlone = subset.length === 1 && way === 'chain';
      if (isAlone) return builtAlone(session, group, { live, singles, index });
      return built(session, group, { live, subset, way });
    },
  };
}

/** Of each line, what the candidate that gives most on it does there. */
function bestOnEachLine(candidates: readonly Candidate[], lines: number): readonly Effect[] {
  const [only] = candidates;
  const [effect] = only?.effects ?? [];
  if (candidates.length === 1 && only?.effects.length === 1 && effect !== undefined) {
    return onLines(effect, lines);
  }
  const parts: Effect[] = [];
  for (let slot = 0; slot < lines; slot += 1) {
    const best = bestOf(candidates.map((one) => onLine(one, slot)));
    for (const part of best?.effects ?? []) parts.push(part);
  }
  return mergeLines(parts);
}

/** The part of an effect on the lines that it touches. */
function onLines(effect: Effect, lines: number): readonly Effect[] {
  const slots: number[] = [];
  let isOnlyThere = true;
  for (let slot = 0; slot < effect.requested.length; slot += 1) {
    if (slot < lines && touches(effect, slot)) slots.push(slot);
    else isOnlyThere &&= !leavesTrace(effect, slot);
  }
  return isOnlyThere && slots.length > 0 ? [effect] : onlyIn(effect, slots);
}

/** Whether any number of an effect in a slot is not zero. */
function leavesTrace({ units, requested, applied, worth }: Effect, slot: number): boolean {
  const has = (numbers: readonly number[]) => (numbers[slot] ?? 0) !== 0;
  return has(units) || has(requested) || has(applied) || has(worth);
}

/** What a child does by itself. */
interface Alone {
  readonly branch: Branch;
  readonly effects: readonly Effect[];
  /** What its promotions had been told before; nothing where nobody is told anything. */
  readonly before: readonly (string | undefined)[];
}

/** Runs a child by itself and takes it back. Only one that does nothing keeps its notes. */
function alone(session: Session, branch: Branch): Alone {
  const mark = session.mark();
  const before = session.muted > 0 ? UNTOLD : notesOf(session, branch);
  run(session, branch);
  const did = session.effects.length > mark.effects;
  const effects = did ? session.effects.slice(mark.effects) : NOTHING;
  session.backTo(mark);
  if (did) restoreNotes(session, { branch, before });
  return { branch, effects, before };
}

const UNTOLD: readonly undefined[] = [];

function notesOf({ notes }: Session, { live, lo, hi }: Branch): readonly (string | undefined)[] {
  const before = new Array<string | undefined>(hi - lo);
  for (let at = lo; at < hi; at += 1) before[at - lo] = notes[live[at] ?? 0];
  return before;
}

/** Puts notes back, of all promotions of a child or of those that have some effects. */
function restoreNotes(
  { notes, muted }: Session,
  { branch, before }: Pick<Alone, 'branch' | 'before'>,
  only?: readonly Effect[],
): void {
  if (muted > 0) return;
  const { live, lo, hi } = branch;
  for (let at = lo; at < hi; at += 1) {
    const position = live[at] ?? 0;
    if (only === undefined || isOneOf(position, only)) notes[position] = before[at - lo];
  }
}

function isOneOf(position: number, effects: readonly Effect[]): boolean {
  for (let at = 0; at < effects.length; at += 1) {
    if (effects[at]?.promotion.position === position) return true;
  }
  return false;
}

/** A child by itself, under the limits of the group. */
function builtAlone(
  session: Session,
  group: PlannedGroup,
  { live, singles, index }: Live & { readonly index: number },
): Candidate {
  const from = live[index]?.node.from;
  const within = limited(session, group, { effects: singles[index] ?? NOTHING, way: 'last-first' });
  const weighed = weighMultipliers(within, session, session.at);
  return candidateOf(weighed, { way: 'chain', members: from === undefined ? [] : [from] });
}

function built(
  session: Session,
  group: PlannedGroup,
  { live, subset, way }: { live: readonly Branch[]; subset: readonly number[]; way: Way },
): Candidate {
  const branches = subset.flatMap((index) => live[index] ?? []);
  const mark = session.mark();
  session.muted += 1;
  (way === 'chain' ? runChain : runSum)(session, group, branches);
  session.muted -= 1;
  const done = session.effects.slice(mark.effects);
  session.backTo(mark);
  const effects = weighMultipliers(done, session, session.at);
  return candidateOf(effects, { way, members: branches.map(({ node }) => node.from) });
}

/** What the group did at the level before. */
function earlierIn(session: Session, { group }: PlannedGroup): readonly Effect[] {
  if (group.limits.maxDiscount === undefined) return NOTHING;
  return session.effects.filter((effect) => hasApplied(group, [effect]));
}

/** Takes what was chosen as a whole down to what the group allows. */
function limited(
  session: Session,
  planned: PlannedGroup,
  { effects, way }: { effects: readonly Effect[]; way: Limiting },
): readonly Effect[] {
  const { group } = planned;
  const cap = group.limits.maxDiscount;
  if (cap === undefined || effects.length === 0) return effects;
  if (isWithinOnEachLine(session, planned, effects)) return effects;
  const order = { cap, way, earlier: earlierIn(session, planned) };
  return cappedParts([effects], order, { state: session, at: session.at })[0] ?? NOTHING;
}

/** Whether nothing has to be taken back on any line. */
function isWithinOnEachLine(
  { net, effects: before, at }: Session,
  { from, to, group }: PlannedGroup,
  effects: readonly Effect[],
): boolean {
  const cap = group.limits.maxDiscount;
  if (cap?.per !== 'line') return false;
  for (let slot = 0; slot < at.lines.length; slot += 1) {
    const taken = appliedIn(effects, slot);
    if (taken <= 0) continue;
    let used = 0;
    for (const { promotion, applied } of before) {
      const isOwn = from <= promotion.position && promotion.position < to;
      if (isOwn) used += applied[slot] ?? 0;
    }
    if (taken > allowance(cap, (net[slot] ?? 0) + used) - used) return false;
  }
  return true;
}

/**
 * Losers are told that they lost; those that would have done nothing anyway have been told why.
 * Winners keep what they were told before.
 */
function tellLosers(session: Session, tried: readonly Alone[], chosen: readonly Effect[]): void {
  for (const one of tried) {
    if (one.effects.length > 0) leave(session, one.branch, 'outbid');
    if (chosen.length > 0) restoreNotes(session, one, chosen);
  }
}
