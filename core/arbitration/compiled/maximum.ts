import type { ArbitrationNode } from '../../rules/normal.ts';
import { allowedByOrder, cappedParts } from '../interpret/caps.ts';
import { appliedPromotions, hasApplied } from '../interpret/stacking.ts';
import type { Effect } from '../interpret/state.ts';
import { bestOf, type Candidate, candidateOf, type Way } from '../maximum/candidate.ts';
import { mergeLines, onLine, solveLines } from '../maximum/lines.ts';
import { weighMultipliers } from '../maximum/multipliers.ts';
import { couldWake, mayRaise } from '../maximum/shrinking.ts';
import { type Problem, solve } from '../maximum/solve.ts';
import { acts, type Branch, leave, run, runChain, runSum } from './nodes.ts';
import type { PlannedGroup, PlannedNode } from './plan.ts';
import type { Session } from './session.ts';

/** Maximum benefit: searches for the best that could be built from the children. */
export function runMaximum(
  session: Session,
  group: PlannedGroup,
  branches: readonly Branch[],
): void {
  session.comparing += 1;
  const raises = branches.some(({ node }) => mayRaise(nodeOf(node)));
  const tried = branches.map((branch) => ({ branch, ...alone(session, branch) }));
  const live = tried.filter(
    ({ branch, effects }) => effects.length > 0 || mayWake(session, branch, raises),
  );
  const chosen = choose(session, group, {
    live: live.map(({ branch }) => branch),
    singles: live.map(({ effects }) => effects),
  });
  session.comparing -= 1;
  tellLosers(session, tried, chosen);
  for (const effect of chosen) session.apply(effect);
}

function nodeOf(node: PlannedNode): ArbitrationNode {
  return node.kind === 'group' ? node.group : node.node;
}

/** Whether a child that does nothing alone may do something once siblings moved the prices. */
function mayWake(session: Session, { node, live, lo, hi }: Branch, raises: boolean): boolean {
  if (!raises && !couldWake(nodeOf(node), session.at.rules.settings)) return false;
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

function choose(session: Session, group: PlannedGroup, { live, singles }: Live): readonly Effect[] {
  const { combine, scope, limits } = group.group;
  const problem: Problem = {
    nodes: live.map(({ node }) => nodeOf(node)),
    singles,
    net: session.net,
    isCapped: limits.maxDiscount !== undefined,
    allowed: allowedByOrder(
      { cap: limits.maxDiscount, earlier: earlierIn(session, group) },
      session,
    ),
    floors: session.floors,
    rules: session.at.rules,
    evaluate: (subset, way) => built(session, group, { live, subset, way }),
  };
  const byLine = scope === 'line' && session.level === 'product';
  if (combine === 'none') {
    const candidates = live.map((_, index) => problem.evaluate([index], 'chain'));
    if (!byLine) return bestOf(candidates)?.effects ?? [];
    const parts = session.at.lines.flatMap((_, slot) => {
      return bestOf(candidates.map((one) => onLine(one, slot)))?.effects ?? [];
    });
    return capped(session, group, mergeLines(parts));
  }
  return byLine
    ? capped(session, group, solveLines(problem).effects)
    : (solve(problem).best?.effects ?? []);
}

/** What a child does by itself, and why it does not. */
interface Alone {
  readonly effects: readonly Effect[];
  readonly notes: ReadonlyMap<number, string>;
}

function alone(session: Session, branch: Branch): Alone {
  const mark = session.mark();
  const before = session.swapNotes(new Map());
  run(session, branch);
  const effects = session.effects.slice(mark.effects);
  session.backTo(mark);
  return { effects, notes: session.swapNotes(before) };
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

function capped(
  session: Session,
  planned: PlannedGroup,
  effects: readonly Effect[],
): readonly Effect[] {
  const cap = planned.group.limits.maxDiscount;
  const order = { cap, way: 'pro-rata', earlier: earlierIn(session, planned) } as const;
  return cappedParts([effects], order, { state: session, at: session.at }).flat();
}

/** What the group did at the level before. */
function earlierIn(session: Session, { group }: PlannedGroup): readonly Effect[] {
  if (group.limits.maxDiscount === undefined) return [];
  return session.effects.filter((effect) => hasApplied(group, [effect]));
}

/** Losers are told that they lost; those that would have done nothing anyway, why. */
function tellLosers(
  session: Session,
  tried: readonly (Alone & { readonly branch: Branch })[],
  chosen: readonly Effect[],
): void {
  if (session.muted > 0) return;
  const winners = new Map(
    appliedPromotions(chosen).map(({ position }) => [position, session.notes.get(position)]),
  );
  for (const { branch, effects, notes } of tried) {
    if (effects.length > 0) leave(session, branch, 'outbid');
    else for (const [position, reason] of notes) session.notes.set(position, reason);
  }
  for (const [position, reason] of winners) {
    if (reason === undefined) session.notes.delete(position);
    else session.notes.set(position, reason);
  }
}
