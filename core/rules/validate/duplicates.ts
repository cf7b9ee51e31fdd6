import { type Problems, quoted } from '../diagnostic.ts';
import type { RuleSetDocument } from '../document.ts';
import { nodesBelow } from '../walk.ts';
import { BUILT_IN_CATEGORIES } from './names.ts';

/** Names are declared once. */
export function checkDuplicates(document: RuleSetDocument, problems: Problems): void {
  for (const section of ['pointTypes', 'tierGroups', 'places', 'partners'] as const) {
    reportTwice(entries(document[section], `/${section}`), problems);
  }
  for (const [index, group] of document.tierGroups.entries()) {
    reportTwice(entries(group.tiers, `/tierGroups/${index}/tiers`), problems);
  }
  const categories = entries(document.program?.categories ?? [], '/program/categories');
  const builtIn = BUILT_IN_CATEGORIES.map((id) => ({ id, path: '/program/categories' }));
  reportTwice([...builtIn, ...categories], problems);
  reportNodes(document, problems);
}

interface Entry {
  readonly id: string;
  readonly path: string;
}

function entries(list: readonly { readonly id: string }[], path: string): readonly Entry[] {
  return list.map(({ id }, index) => ({ id, path: `${path}/${index}/id` }));
}

function reportNodes(document: RuleSetDocument, problems: Problems): void {
  if (document.arbitration === undefined) return;
  const nodes = [...nodesBelow(document.arbitration)].map(({ node }) => node);
  const promotions = nodes.flatMap((node) =>
    node.kind === 'promotion' ? [{ id: node.promotion, path: `${node.path}/promotion` }] : [],
  );
  const groups = nodes.flatMap((node) =>
    node.kind === 'group' ? [{ id: node.id, path: `${node.path}/group` }] : [],
  );
  reportTwice(promotions, problems);
  reportTwice(groups, problems);
}

function reportTwice(list: readonly Entry[], problems: Problems): void {
  const first = new Map<string, string>();
  for (const { id, path } of list) {
    const before = first.get(id);
    if (before === undefined) {
      first.set(id, path);
      continue;
    }
    problems.error({
      code: 'duplicate-id',
      path,
      message: `${quoted(id)} is already declared at ${before}`,
      hint: 'give one of the two another name',
    });
  }
}
