import { cappedParts } from '../interpret/caps.ts';
import { bestPerLine, type Candidate, candidate, isBetter } from '../interpret/maximum.ts';
import { appliedPromotions, hasApplied } from '../interpret/stacking.ts';
import type { Effect } from '../interpret/state.ts';
import { type Branch, leave, run, runChain, runSum } from './nodes.ts';
import type { PlannedGroup } from './plan.ts';
import type { Session } from './session.ts';

/** Maximum benefit: tries what could be built from the children and keeps the best of it. */
export function runMaximum(
  session: Session,
  group: PlannedGroup,
  branches: readonly Branch[],
): void {
  session.comparing += 1;
  const live = branches.filter((branch) => triedAlone(session, branch));
  const candidates = candidatesOf(session, group, live);
  session.comparing -= 1;
  const byLine = group.group.scope === 'line' && session.level === 'product';
  const chosen = byLine
    ? capped(session, group, bestPerLine(candidates, { state: session, frame: session }))
    : (bestOf(candidates)?.result.effects ?? []);
  tellLosers(session, live, chosen);
  for (const effect of chosen) session.apply(effect);
}

/** Runs a child by itself. Only those without an effect keep their notes. */
function triedAlone(session: Session, branch: Branch): boolean {
  const mark = session.mark();
  const notes = session.swapNotes([]);
  run(session, branch);
  const did = session.effects.length > mark.effects;
  session.backTo(mark);
  const own = session.swapNotes(notes);
  if (!did && session.muted === 0) {
    own.forEach((reason, position) => {
      if (reason !== undefined) notes[position] = reason;
    });
  }
  return did;
}

function candidatesOf(
  session: Session,
  group: PlannedGroup,
  live: readonly Branch[],
): readonly Candidate[] {
  const found: Candidate[] = [];
  session.muted += 1;
  for (const subset of subsetsOf(group, live)) {
    const ways = subset.length > 1 ? [runChain, runSum] : [runChain];
    for (const way of ways) {
      const mark = session.mark();
      way(session, group, subset);
      found.push(candidate({ effects: session.effects.slice(mark.effects), notes: [] }));
      session.backTo(mark);
    }
  }
  session.muted -= 1;
  return found;
}

function subsetsOf(group: PlannedGroup, live: readonly Branch[]): readonly (readonly Branch[])[] {
  if (group.group.combine === 'none') return live.map((branch) => [branch]);
  const subsets: Branch[][] = [];
  for (let mask = 1; mask < 2 ** live.length; mask += 1) {
    const subset = live.filter((_, index) => (mask & (1 << index)) !== 0);
    if (subset.length === 1 || !subset.some(isExclusive)) subsets.push(subset);
  }
  return subsets;
}

function isExclusive({ node }: Branch): boolean {
  return node.kind === 'promotion' && node.promotion.stacking.exclusive;
}

function bestOf(candidates: readonly Candidate[]): Candidate | undefined {
  let best: Candidate | undefined;
  for (const one of candidates) if (best === undefined || isBetter(one, best)) best = one;
  return best;
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
  const kept = winners.map(({ position }) => [position, session.notes[position]] as const);
  for (const branch of live) leave(session, branch, 'outbid');
  for (const [position, reason] of kept) session.notes[position] = reason;
}
