import { indexCandidates } from '../../core/rules/candidates.ts';
import { categoryOf, goTogether, limitOf } from '../../core/rules/categories.ts';
import type { CompiledRuleSet } from '../../core/rules/compile.ts';
import { describeCondition, describeLines } from '../../core/rules/conditions/describe.ts';
import { costOfBody } from '../../core/rules/cost.ts';
import {
  describeBenefit,
  describeLimits,
  describeTime,
  describeUsage,
} from '../../core/rules/describe.ts';
import type {
  ArbitrationNode,
  GroupNode,
  NormalPromotion,
  NormalRuleSet,
  PromotionBody,
} from '../../core/rules/normal.ts';
import { STACKING_ELIGIBILITIES } from '../../core/rules/normal.ts';

/** A compiled rule set as text: the tree, the index, the hash and the cost. */
export function showRuleSet({ rules, tree }: CompiledRuleSet): string {
  const index = indexCandidates(rules);
  const { programme } = rules;
  const currency = `${programme.currency} (${programme.exponent} places)`;
  const cost = rules.promotions.reduce((sum, { body }) => sum + costOfBody(body), 0);
  const lines = [
    `programme   ${programme.id}, ${currency}, ${programme.zone}`,
    `hash        ${tree.hash}`,
    `promotions  ${rules.promotions.length} active, ${rules.dormant.length} dormant`,
    `points      ${rules.pointTypes.map(({ id, kind }) => `${id} (${kind})`).join(', ')}`,
    `places      ${rules.places.length}, partners ${rules.partners.length}`,
    `cost        ${cost} when every promotion is a candidate`,
    '',
    'tree',
    ...showGroup(rules.root, ''),
    ...showCategories(rules),
    '',
    'index',
    ...index.dimensions.map(
      ({ name, promotions, values }) =>
        `  ${name.padEnd(13)} ${promotions} promotions require one of ${values} values`,
    ),
  ];
  if (index.dimensions.length === 0) lines.push('  no promotion requires anything of a checkout');
  return `${lines.join('\n')}\n`;
}

/** The programme's own stacking categories, and whom each goes with. */
function showCategories(rules: NormalRuleSet): string[] {
  if (rules.categories.length === 0) return [];
  const names = [...STACKING_ELIGIBILITIES, ...rules.categories.map(({ id }) => id)];
  const all = names.map((id) => categoryOf(id, rules));
  const rows = rules.categories.map((one) => {
    const others = all.filter((two) => goTogether(one, two, rules)).map(({ id }) => id);
    const limit = limitOf(one, rules);
    const parts = [
      one.eligibility,
      `hierarchy ${one.hierarchy}`,
      limit === undefined ? '' : `at most ${limit}`,
      one.calculation === undefined ? '' : `percentages of ${one.calculation} prices`,
      `goes with ${others.join(', ')}`,
    ];
    return `  ${one.id}: ${parts.filter((part) => part !== '').join('; ')}`;
  });
  return ['', 'categories', ...rows];
}

function showGroup(group: GroupNode, indent: string): string[] {
  const modes: string[] = [group.mode];
  if (group.mode === 'max') modes.push(`scope ${group.scope}`, `combine ${group.combine}`);
  if (group.orderBy !== undefined) modes.push(`order by ${group.orderBy}`);
  if (group.decides === 'across-levels') modes.push(group.decides);
  const limits = describeLimits(group.limits);
  const head = `${group.id}: ${modes.join(', ')}${limits === '' ? '' : `; ${limits}`}`;
  return [`${indent}${head}`, ...group.children.flatMap((child) => showNode(child, `${indent}  `))];
}

function showNode(node: ArbitrationNode, indent: string): string[] {
  return node.kind === 'group' ? showGroup(node, indent) : showPromotion(node.promotion, indent);
}

function showPromotion(promotion: NormalPromotion, indent: string): string[] {
  const { regions, stacking, variants } = promotion;
  const flags = [
    stacking.priority === 0 ? '' : `priority ${stacking.priority}`,
    stacking.category === 'common' ? '' : stacking.category,
    stacking.exclusive ? 'exclusive' : '',
    stacking.stopAfter ? 'stop after' : '',
    regions === undefined || regions.in.length === 0 ? '' : `in ${regions.in.join(', ')}`,
    regions === undefined || regions.except.length === 0
      ? ''
      : `except ${regions.except.join(', ')}`,
  ].filter((flag) => flag !== '');
  const inner = `${indent}    `;
  return [
    `${indent}#${promotion.position} ${promotion.id}: ${[promotion.type, ...flags].join('; ')}`,
    ...showBody(promotion.body, inner),
    ...variants.flatMap(({ place, body }) => [
      `${inner}at ${place}:`,
      ...showBody(body, `${inner}  `),
    ]),
  ];
}

function showBody(body: PromotionBody, indent: string): string[] {
  const parts: readonly (readonly [string, string])[] = [
    ['when', body.when.kind === 'always' ? '' : describeCondition(body.when)],
    ['lines', describeLines(body.lines)],
    ['channels', body.channels.join(', ')],
    ...body.benefits.map((benefit) => ['gives', describeBenefit(benefit)] as const),
    ['runs', describeTime(body)],
    ['limits', describeLimits(body.limits)],
    ['usage', describeUsage(body.limits)],
  ];
  return parts
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `${indent}${name.padEnd(8)} ${text}`);
}
