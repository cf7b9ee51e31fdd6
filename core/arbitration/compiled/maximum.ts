import { cappedParts } from '../interpret/caps.ts';
import { appliedPromotions, hasApplied } from '../interpret/stacking.ts';
import type { Effect } from '../interpret/state.ts';
import { bestOf, type Candidate, candidateOf, type Way } from '../maximum/candidate.ts';
import { mergeLines, onLine, solveLines } from '../maximum/lines.ts';
import { type Problem, solve } from '../maximum/solve.ts';
import { type Branch, leave, run, runChain, runSum } from './nodes.ts';
import type { PlannedGroup } from './plan.ts';
import type { Session } from './session.ts';

/** Maximum benefit: searches for the best that could be built from the children. */
export function runMaximum(
  session: Session,
  group: PlannedGroup,
  branches: readonly Branch[],
): void {
  session.comparing += 1;
  const singles: (readonly Effect[])[] = [];
  const live = branches.filter((branch) => {
    const effects = alone(session, branch);
    if (effects.length > 0) singles.push(effects);
    return effects.length > 0;
  });
  const chosen = choose(session, group, { live, singles });
  session.comparing -= 1;
  tellLosers(session, live, chosen);
  for (const effect of chosen) session.apply(effect);
}

interface Live {
  readonly live: readonly Branch[];
  readonly singles: readonly (readonly Effect[])[];
}

function choose(session: Session, group: PlannedGroup, { live, singles }: Live): readonly Effect[] {
  const { combine, scope, limits } = group.group;
  const problem: Problem = {
    nodes: live.map(({ node }) => (node.kind === 'group' ? node.group : node.node)),
    singles,
    net: session.net,
    isCapped: limits.maxDiscount !== undefined,
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

/** Runs a child by itself. Only those without an effect keep their notes. */
function alone(session: Session, branch: Branch): readonly Effect[] {
  const mark = session.mark();
  const notes = session.swapNotes(new Map());
  run(session, branch);
  const effects = session.effects.slice(mark.effects);
  session.backTo(mark);
  const own = session.swapNotes(notes);
  if (effects.length === 0 && session.muted === 0) {
    for (const [position, reason] of own) notes.set(position, reason);
  }
  return effects;
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
  const effects = session.effects.slice(mark.effects);
  session.backTo(mark);
  return candidateOf(effects, { way, members: branches.map(({ node }) => node.from) });
}

function capped(
  session: Session,
  { group }: PlannedGroup,
  effects: readonly Effect[],
): readonly Effect[] {
  const cap = group.limits.maxDiscount;
  const earlier = session.effects.filter((effect) => hasApplied(group, [effect]));
  const order = { cap, way: 'pro-rata', earlier } as const;
  return cappedParts([effects], order, { state: session, at: session.at }).flat();
}

function tellLosers(session: Session, live: readonly Branch[], chosen: readonly Effect[]): void {
  if (session.muted > 0) return;
  const winners = appliedPromotions(chosen);
  const kept = winners.map(({ position }) => [position, session.notes.get(position)] as const);
  for (const branch of live) leave(session, branch, 'outbid');
  for (const [position, reason] of kept) {
    if (reason === undefined) session.notes.delete(position);
    else session.notes.set(position, reason);
  }
}
