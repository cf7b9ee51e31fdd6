import type { Branch } from './nodes.ts';
import type { PlannedGroup, PlannedNode } from './plan.ts';
import type { Session } from './session.ts';

/** Branches in their order for this checkout: see `interpret/order.ts`, which says what it is. */
export function inOrder(session: Session, group: PlannedGroup, branches: Branch[]): Branch[] {
  const { codes } = session.at.input.checkout;
  if (group.asked === undefined || codes.length === 0 || branches.length < 2) return branches;
  const ranks = new Map<PlannedNode, number>();
  for (const planned of group.asked) {
    const asked = session.bodyOf(planned).codes;
    const rank = codes.findIndex((code) => asked.includes(code));
    const child = group.childAt[planned.position - group.from];
    if (rank < 0 || child === undefined) continue;
    ranks.set(child, Math.min(rank, ranks.get(child) ?? rank));
  }
  const rankOf = ({ node }: Branch) => ranks.get(node) ?? codes.length;
  const standing = ({ node }: Branch) => group.hierarchy?.get(node) ?? 0;
  return branches.sort(
    (left, right) => standing(left) - standing(right) || rankOf(left) - rankOf(right),
  );
}
