import { minorUnits, thousandths } from '../../money/units.ts';
import type { OrderLine } from '../../transaction/transaction.ts';
import type { BundlePart, LineScope } from '../condition.ts';
import type { Joint } from './joint.ts';
import { type ByFact, byFact, type Literal } from './literals.ts';
import { canHold, choicesFor, lineDomainOf, UNNAMED } from './values.ts';

/** Lines that a joint asks for, whose prices make a total. */

const UNIT = 1_000;
/** Equal lines or units made for a scope that counts. */
const COPIES_MAX = 6;

interface Need {
  readonly facts: ByFact;
  /** Thousandths. */
  readonly units: number;
}

/** The lines of a checkout of so much money; `undefined` when they cannot be made. */
export function linesFor(joint: Joint, total: number): readonly OrderLine[] | undefined {
  const needs = withQuantity(needsOf(joint), joint);
  if (needs === undefined) return undefined;
  const prices = pricesFor(needs, total);
  return prices && needs.map((need, at) => lineOf(need, { at, price: prices[at] ?? 0 }));
}

function needsOf(joint: Joint): readonly Need[] {
  const asked = [...joint.facts].filter(([fact]) => fact.startsWith('line.'));
  const literals = asked.flatMap(([, list]) => list.map(ofLine));
  const refused = literals.filter((one) => !one.holds);
  const scopes = joint.benefits.flatMap(({ benefit }) => benefit.lines);
  const first = [...(joint.line ?? new Map()).values()].flat() as readonly Literal[];
  const own: Literal[][] = copiesOf(scopes).map(() => [...first, ...refused]);
  for (const part of scopes.flatMap(({ bundle }) => bundle)) {
    place([literalOf(part)], own, [...first, ...refused]);
  }
  for (const one of literals) if (one.holds) place([one], own, refused);
  const units = unitsOf(scopes);
  return own.map((list) => ({ facts: byFact(list), units }));
}

function ofLine({ fact, test, holds }: Literal): Literal {
  return { fact: fact.slice('line.'.length), test, holds };
}

function literalOf({ sku, category }: BundlePart): Literal {
  const [fact, value] = sku === undefined ? ['category', category ?? ''] : ['sku', sku];
  return { fact, test: { operator: 'is', value }, holds: true };
}

/** Puts tests on a line that can pass them too, or else on a line of their own. */
function place(literals: readonly Literal[], lines: Literal[][], start: readonly Literal[]): void {
  const home = lines.find((line) => isPossible([...line, ...literals]));
  if (home === undefined) lines.push([...start, ...literals]);
  else home.push(...literals);
}

function isPossible(literals: readonly Literal[]): boolean {
  return [...byFact(literals)].every(([fact, list]) => canHold(list, lineDomainOf(fact)) !== false);
}

/** A scope that counts lines needs some to skip. */
function copiesOf(scopes: readonly LineScope[]): readonly number[] {
  const skips = scopes.map(({ ranking }) => (ranking?.count === 'lines' ? ranking.skip + 1 : 1));
  return Array.from({ length: Math.min(COPIES_MAX, Math.max(1, ...skips)) }, (_, at) => at);
}

function unitsOf(scopes: readonly LineScope[]): number {
  const counted = scopes.map(({ ranking, bundle }) => {
    const parts = bundle.map(({ quantity }) => quantity);
    const units = ranking?.count === 'units' ? (ranking.skip + (ranking.take ?? 1)) * UNIT : UNIT;
    return Math.max(units, ...parts);
  });
  return Math.min(COPIES_MAX * UNIT, Math.max(UNIT, ...counted));
}

/** Quantities that single lines and the whole checkout are asked for. */
function withQuantity(needs: readonly Need[], { facts }: Joint): readonly Need[] | undefined {
  const chosen: Need[] = [];
  for (const need of needs) {
    const [units] = numbersFor(need.facts.get('quantity') ?? [], 'units', [need.units, UNIT]);
    if (units === undefined || units === 0) return undefined;
    chosen.push({ ...need, units });
  }
  const sum = chosen.reduce((soFar, { units }) => soFar + units, 0);
  const [wanted = sum] = numbersFor(facts.get('quantity') ?? [], 'units', [sum]);
  const [first, ...others] = chosen;
  if (first === undefined || wanted === sum) return chosen;
  const units = first.units + wanted - sum;
  return units <= 0 ? undefined : [{ ...first, units }, ...others];
}

/** Unit prices that make a total, as far as the lines are free to have them. */
function pricesFor(needs: readonly Need[], total: number): readonly number[] | undefined {
  const isBound = ({ facts }: Need) => facts.has('price') || facts.has('total');
  const share = Math.floor(total / needs.length);
  const prices: (number | undefined)[] = needs.map((need) =>
    isBound(need) ? boundPrice(need, share) : undefined,
  );
  const free = needs.filter((need) => !isBound(need));
  const fixed = needs.reduce((sum, need, at) => sum + grossOf(need, prices[at] ?? 0), 0);
  let left = Math.max(0, total - fixed);
  for (const [at, need] of needs.entries()) {
    if (isBound(need)) continue;
    const isLast = need === free.at(-1);
    const gross = isLast ? left : Math.floor(left / free.length);
    const price = Math.floor((gross * UNIT) / need.units);
    prices[at] = price;
    left -= grossOf(need, price);
  }
  return prices.every((price) => price !== undefined) ? prices : undefined;
}

function boundPrice({ facts, units }: Need, share: number): number | undefined {
  const asked = facts.get('total');
  const hint = Math.floor((share * UNIT) / units);
  if (asked === undefined) return numbersFor(facts.get('price') ?? [], 'money', [hint])[0];
  const grosses = numbersFor(asked, 'money', [share]);
  const prices = grosses.map((gross) => Math.floor((gross * UNIT) / units));
  return numbersFor(facts.get('price') ?? [], 'money', prices)[0];
}

function grossOf({ units }: Need, price: number): number {
  return Math.round((price * units) / UNIT);
}

function numbersFor(
  literals: readonly Literal[],
  type: 'money' | 'units',
  hints: readonly number[],
): readonly number[] {
  return choicesFor(literals, type, hints).map(Number);
}

function lineOf(need: Need, { at, price }: { at: number; price: number }): OrderLine {
  const fields = [...need.facts].flatMap(([fact, list]) => {
    if (!fact.startsWith('fields.') || !list.some((one) => one.holds)) return [];
    const [value] = choicesFor(list, 'field');
    return value === undefined ? [] : [[fact.slice('fields.'.length), value] as const];
  });
  return {
    id: String(at + 1),
    sku: oneOf(need, 'sku') ?? UNNAMED,
    category: allOf(need, 'category'),
    brand: oneOf(need, 'brand'),
    partner: oneOf(need, 'partner'),
    quantity: thousandths(need.units),
    price: minorUnits(price),
    gross: minorUnits(grossOf(need, price)),
    flags: allOf(need, 'flags'),
    fields: new Map(fields),
  };
}

/** A text that passes, if one has to be there. */
function oneOf({ facts }: Need, fact: string): string | undefined {
  const literals = facts.get(fact) ?? [];
  const isNeeded = literals.some((one) => one.holds) || fact === 'sku';
  const [value] = isNeeded ? choicesFor(literals, 'text') : [];
  return value === undefined ? undefined : String(value);
}

/** A value for each test that has to pass, none of them refused. */
function allOf({ facts }: Need, fact: string): readonly string[] {
  const literals = facts.get(fact) ?? [];
  const refused = literals.filter((one) => !one.holds);
  const wanted = literals.filter((one) => one.holds);
  return [
    ...new Set(wanted.flatMap((one) => choicesFor([one, ...refused], 'text').slice(0, 1))),
  ].map(String);
}
