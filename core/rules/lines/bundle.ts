import type { BundlePart } from '../condition.ts';
import type { LineFacts } from '../facts.ts';
import { ranked } from './rank.ts';

/** Complete bundles found, and how much of each line they use. */
export interface Bundles {
  readonly count: number;
  /** Thousandths, in the order of the lines. */
  readonly units: readonly number[];
}

/**
 * The most complete bundles that useOf. Parts named by article choose before parts named by
 * category, and the cheapest units are used first, which protects the margin.
 */
export function findBundles(
  parts: readonly BundlePart[],
  lines: readonly LineFacts[],
  available: readonly number[],
): Bundles {
  const bySku = parts.filter((part) => part.sku !== undefined);
  const byCategory = parts.filter((part) => part.sku === undefined);
  const ordered = [...bySku, ...byCategory];
  const cheapest = ranked(lines, 'cheapest-first');
  const useOf = (count: number) => allocate({ count, parts: ordered, lines: cheapest }, available);

  // If n bundles useOf, fewer do, so halving finds the most.
  let [fits, tooMany] = [0, upperBound(ordered, lines, available) + 1];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (useOf(middle) === undefined) tooMany = middle;
    else fits = middle;
  }
  return { count: fits, units: useOf(fits) ?? available.map(() => 0) };
}

function upperBound(
  parts: readonly BundlePart[],
  lines: readonly LineFacts[],
  available: readonly number[],
): number {
  const bounds = parts.map((part) => {
    const matching = lines.filter((line) => matches(part, line));
    const units = matching.reduce((sum, { index }) => sum + (available[index] ?? 0), 0);
    return part.quantity > 0 ? Math.floor(units / part.quantity) : 0;
  });
  return bounds.length === 0 ? 0 : Math.min(...bounds);
}

interface Order {
  readonly count: number;
  readonly parts: readonly BundlePart[];
  readonly lines: readonly LineFacts[];
}

/** What so many bundles use of each line; `undefined` when there is not enough. */
function allocate(order: Order, available: readonly number[]): readonly number[] | undefined {
  const used = available.map(() => 0);
  for (const part of order.parts) {
    let missing = part.quantity * order.count;
    for (const line of order.lines) {
      if (missing === 0) break;
      if (!matches(part, line)) continue;
      const free = (available[line.index] ?? 0) - (used[line.index] ?? 0);
      const taken = Math.min(free, missing);
      used[line.index] = (used[line.index] ?? 0) + taken;
      missing -= taken;
    }
    if (missing > 0) return undefined;
  }
  return used;
}

function matches(part: BundlePart, { line }: LineFacts): boolean {
  if (part.sku !== undefined) return line.sku === part.sku;
  return part.category !== undefined && line.category.includes(part.category);
}
