import { type Problems, quoted } from '../diagnostic.ts';
import type { DocumentCategory } from '../document/program.ts';
import type { RuleSetDocument } from '../document.ts';
import { DEFAULT_HIERARCHY, NEVERS_MAX } from '../normal.ts';
import { nodesBelow } from '../walk.ts';

/** What stacking categories say must make sense together. */
export function checkCategories(document: RuleSetDocument, problems: Problems): void {
  const categories = document.program?.categories ?? [];
  const always = new Set(['always']);
  for (const { id, eligibility } of categories) if (eligibility === 'always') always.add(id);
  for (const [index, category] of categories.entries()) {
    const path = `/program/categories/${index}`;
    checkExcludes(category, { path, always }, problems);
    checkNevers(category, { path, document }, problems);
  }
  checkHierarchy(document, problems);
}

function checkExcludes(
  { id, excludes }: DocumentCategory,
  { path, always }: { readonly path: string; readonly always: ReadonlySet<string> },
  problems: Problems,
): void {
  for (const [position, other] of excludes.entries()) {
    const isItself = other === id;
    if (!isItself && !always.has(id) && !always.has(other)) continue;
    const one = always.has(id) ? id : other;
    problems.error({
      code: 'contradictory-category',
      path: `${path}/excludes/${position}`,
      message: isItself
        ? `${quoted(id)} excludes itself`
        : `${quoted(one)} goes with all categories, and yet not with another`,
      hint: isItself ? 'write `limit: 1`' : 'remove it here, or change the eligibility',
    });
  }
}

/** A limit that never stackable promotions cannot reach. */
function checkNevers(
  { id, eligibility, limit }: DocumentCategory,
  { path, document }: { readonly path: string; readonly document: RuleSetDocument },
  problems: Problems,
): void {
  if (eligibility !== 'never' || limit === undefined) return;
  const settings = document.program?.settings;
  const most = Math.min(
    settings?.neverStackable ?? 1,
    settings?.neverStackablePerCategory ?? NEVERS_MAX,
  );
  if (limit <= most) return;
  problems.warn({
    code: 'category-without-effect',
    path: `${path}/limit`,
    message: `${quoted(id)} is never stackable, and ${most} of it on one checkout is the most`,
    hint: 'lower the limit, or raise `neverStackable` in the settings',
  });
}

/** A hierarchy wants a group that goes by it. */
function checkHierarchy(document: RuleSetDocument, problems: Problems): void {
  const root = document.arbitration;
  const nodes = root === undefined ? [] : [...nodesBelow(root)].map(({ node }) => node);
  if (nodes.some((node) => node.kind === 'group' && node.orderBy === 'hierarchy')) return;
  for (const [index, { id, hierarchy }] of (document.program?.categories ?? []).entries()) {
    if (hierarchy === DEFAULT_HIERARCHY) continue;
    problems.warn({
      code: 'category-without-effect',
      path: `/program/categories/${index}/hierarchy`,
      message: `${quoted(id)} has a hierarchy, and no group goes by it`,
      hint: 'write `orderBy: hierarchy` in a group',
    });
  }
}
