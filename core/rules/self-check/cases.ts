import { NOTHING_USED } from '../../arbitration/budget-left.ts';
import type { ArbitrationInput, MemberFacts } from '../../arbitration/decision.ts';
import { instant, minorUnits, points, thousandths } from '../../money/units.ts';
import type { Checkout, FieldValue, OrderLine } from '../../transaction/transaction.ts';
import type { NormalRuleSet } from '../normal.ts';
import type { Boundaries } from './boundaries.ts';
import type { Draw } from './draw.ts';

/** Lines of one made-up checkout. */
const LINES_MAX = 5;
const NO_FIELDS: ReadonlyMap<string, FieldValue> = new Map();

/** A made-up checkout at the boundaries of a rule set, and the member it belongs to. */
export function caseAt(rules: NormalRuleSet, edges: Boundaries, draw: Draw): ArbitrationInput {
  return {
    checkout: checkoutAt(edges, draw),
    member: draw.below(4) === 0 ? undefined : memberAt(rules, edges, draw),
    usage: NOTHING_USED,
    at: instant(draw.one(edges.instants) ?? 0),
  };
}

function checkoutAt(edges: Boundaries, draw: Draw): Checkout {
  const lines = Array.from({ length: 1 + draw.below(LINES_MAX) }, (_, index) =>
    lineAt(index, edges, draw),
  );
  return {
    kind: 'quote',
    id: 'self-check',
    member: undefined,
    card: undefined,
    store: draw.one(edges.stores),
    partner: draw.below(3) === 0 ? draw.one(edges.partners) : undefined,
    channel: draw.one(edges.channels),
    occurredAt: undefined,
    currency: undefined,
    lines,
    delivery: minorUnits(draw.below(2) === 0 ? 0 : (draw.one(edges.amounts) ?? 0)),
    codes: draw.some(edges.codes, 2).slice(0, 3),
    pay: undefined,
    tender: undefined,
    location: undefined,
    fields: NO_FIELDS,
  };
}

function lineAt(index: number, edges: Boundaries, draw: Draw): OrderLine {
  const quantity = 1 + draw.below(4);
  const price = draw.one(edges.amounts) ?? 0;
  return {
    id: String(index + 1),
    sku: draw.one(edges.skus) ?? 'other',
    category: draw.some(edges.categories, 2).slice(0, 3),
    brand: undefined,
    partner: draw.below(3) === 0 ? draw.one(edges.partners) : undefined,
    quantity: thousandths(quantity * 1_000),
    price: minorUnits(price),
    gross: minorUnits(price * quantity),
    flags: [],
    fields: NO_FIELDS,
  };
}

function memberAt(rules: NormalRuleSet, edges: Boundaries, draw: Draw): MemberFacts {
  const tiers = rules.tierGroups.map(
    ({ id, tiers: ladder }) => [id, draw.one(ladder)?.id ?? ''] as const,
  );
  const balances = rules.pointTypes.map(
    ({ id }) => [id, points(draw.one(edges.amounts) ?? 0)] as const,
  );
  return {
    id: 'self-check',
    birthday: draw.below(2) === 0 ? undefined : '1990-06-15',
    segments: new Set(draw.some(edges.segments, 2)),
    partners: new Set(draw.some(edges.partners, 2)),
    fields: NO_FIELDS,
    tiers: new Map(tiers),
    points: new Map(balances),
    checkouts: draw.below(3),
    history: () => 1,
  };
}
