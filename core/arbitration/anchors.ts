import type { Condition, LineScope } from '../rules/condition.ts';
import type { PromotionBody } from '../rules/normal.ts';
import type { OrderLine } from '../transaction/transaction.ts';
import { decidingBenefits } from './benefits.ts';

/**
 * What a promotion needs to find among the lines before it is worth looking at: articles,
 * categories, brands or partners. It is a necessary condition and no more.
 */

const ANCHOR_FACTS: readonly string[] = ['sku', 'category', 'brand', 'partner'];
/** What an index may find lines by. */
const FOUND_BY: readonly string[] = [...ANCHOR_FACTS, 'flags'];

/** One of the properties that a line may be found by, e.g. `sku:A`. */
export type Anchor = string;

type Anchors = readonly Anchor[] | undefined;

/**
 * Of these a line must have one; `undefined` when any line may do. Without them the reason is
 * that no line is eligible, before conditions are asked.
 */
export function anchorsOf(body: PromotionBody): ReadonlySet<Anchor> | undefined {
  return ofEachBenefit(body, ({ where }) => anchorsIn(where, ANCHOR_FACTS));
}

/**
 * All that an index can find a promotion's lines by. Without it the promotion does nothing, but
 * it may have another reason to tell.
 */
export function needsOfLines(body: PromotionBody): ReadonlySet<Anchor> | undefined {
  const asked = anchorsIn(body.when, FOUND_BY, 'line.');
  const needed = ofEachBenefit(body, ({ where, bundle }) =>
    fewest([anchorsIn(where, FOUND_BY), ...bundle.map(anchorsOfPart)]),
  );
  if (asked === undefined || (needed !== undefined && needed.size <= asked.length)) return needed;
  return new Set(asked);
}

function ofEachBenefit(
  body: PromotionBody,
  of: (scope: LineScope) => Anchors,
): ReadonlySet<Anchor> | undefined {
  const all = new Set<Anchor>();
  for (const { lines } of decidingBenefits(body)) {
    const found = fewest(lines.map(of));
    if (found === undefined) return undefined;
    for (const anchor of found) all.add(anchor);
  }
  return all;
}

/** All are needed, so the fewest say most. */
function fewest(all: readonly Anchors[]): Anchors {
  let least: Anchors;
  for (const one of all) {
    if (one !== undefined && (least === undefined || one.length < least.length)) least = one;
  }
  return least;
}

function anchorsOfPart({ sku, category, quantity }: LineScope['bundle'][number]): Anchors {
  if (quantity === 0) return undefined;
  if (sku !== undefined) return [`sku:${sku}`];
  return category === undefined ? undefined : [`category:${category}`];
}

/** Of a condition over one line, or with `line.` before its facts over any of them. */
function anchorsIn(condition: Condition, facts: readonly string[], prefix = ''): Anchors {
  switch (condition.kind) {
    case 'never':
      return [];
    case 'all':
      return fewest(condition.parts.map((part) => anchorsIn(part, facts, prefix)));
    case 'any': {
      const found = condition.parts.map((part) => anchorsIn(part, facts, prefix));
      return found.every((one) => one !== undefined) ? found.flat() : undefined;
    }
    case 'fact': {
      if (!condition.fact.startsWith(prefix)) return undefined;
      const fact = condition.fact.slice(prefix.length);
      return facts.includes(fact) ? valuesOf(fact, condition.test) : undefined;
    }
    default:
      return undefined;
  }
}

function valuesOf(fact: string, test: Extract<Condition, { kind: 'fact' }>['test']): Anchors {
  switch (test.operator) {
    case 'is':
    case 'has':
      return [`${fact}:${test.value}`];
    case 'in':
      return test.values.map((value) => `${fact}:${value}`);
    default:
      return undefined;
  }
}

/** What lines may be found by, each with a map of its own: no text is put together to look up. */
export class AnchorMap<T> {
  readonly #bySku = new Map<string, T>();
  readonly #byCategory = new Map<string, T>();
  readonly #byBrand = new Map<string, T>();
  readonly #byPartner = new Map<string, T>();

  readonly #byFlag = new Map<string, T>();

  /** Each anchor has one entry. */
  set(anchor: Anchor, entry: T): void {
    const colon = anchor.indexOf(':');
    this.#mapOf(anchor.slice(0, colon)).set(anchor.slice(colon + 1), entry);
  }

  #mapOf(fact: string): Map<string, T> {
    if (fact === 'sku') return this.#bySku;
    if (fact === 'category') return this.#byCategory;
    if (fact === 'flags') return this.#byFlag;
    return fact === 'brand' ? this.#byBrand : this.#byPartner;
  }

  /** Gives every entry that a line is found by. */
  visit(line: OrderLine, to: Taker<T>): void {
    if (this.#bySku.size > 0) visitOne(this.#bySku, line.sku, to);
    if (this.#byCategory.size > 0) visitAll(this.#byCategory, line.category, to);
    if (this.#byBrand.size > 0) visitOne(this.#byBrand, line.brand, to);
    if (this.#byPartner.size > 0) visitOne(this.#byPartner, line.partner, to);
    if (this.#byFlag.size > 0) visitAll(this.#byFlag, line.flags, to);
  }
}

/** Takes what was found. */
export interface Taker<T> {
  take(entry: T): void;
}

function visitOne<T>(map: ReadonlyMap<string, T>, value: string | undefined, to: Taker<T>): void {
  const entry = value === undefined ? undefined : map.get(value);
  if (entry !== undefined) to.take(entry);
}

function visitAll<T>(map: ReadonlyMap<string, T>, values: readonly string[], to: Taker<T>): void {
  for (let at = 0; at < values.length; at += 1) visitOne(map, values[at], to);
}

/** Calls for every anchor of a line. */
function forEachAnchor(line: OrderLine, visit: (anchor: Anchor) => void): void {
  visit(`sku:${line.sku}`);
  for (const category of line.category) visit(`category:${category}`);
  if (line.brand !== undefined) visit(`brand:${line.brand}`);
  if (line.partner !== undefined) visit(`partner:${line.partner}`);
}

/** Whether any line has any of the anchors. */
export function hasAnchor(
  lines: readonly OrderLine[],
  anchors: ReadonlySet<Anchor> | undefined,
): boolean {
  if (anchors === undefined) return true;
  return lines.some((line) => {
    let found = false;
    forEachAnchor(line, (anchor) => {
      found ||= anchors.has(anchor);
    });
    return found;
  });
}
