import type { Selection } from '../../arbitration/language.ts';
import type { OrderLine } from '../../transaction/transaction.ts';
import type { LineScope, Scalar } from '../condition.ts';
import { namedBy } from '../conditions/compile.ts';

/** What a scope leaves of the lines of a checkout as they were sent. */
export type QuickSelect = (lines: readonly OrderLine[]) => Selection;

/**
 * The most frequent scopes, each as one loop that looks at one property: all lines, and those of
 * named articles, categories or flags. They look at no price, so they need no facts about lines.
 * `undefined` for all others.
 */
export function compileQuickSelect(scopes: readonly LineScope[]): QuickSelect | undefined {
  const [only] = scopes;
  if (only === undefined) return selectAll;
  const { where, ranking, bundle } = only;
  if (scopes.length > 1 || ranking !== undefined || bundle.length > 0) return undefined;
  if (where.kind === 'always') return selectAll;
  const values = where.kind === 'fact' ? namedBy(where.test) : undefined;
  if (where.kind !== 'fact' || values === undefined) return undefined;
  if (where.fact === 'sku') return values.size === 1 ? selectSku(values) : selectSkus(values);
  if (where.fact === 'category') return selectCategories(values);
  return where.fact === 'flags' ? selectFlags(values) : undefined;
}

function selectAll(lines: readonly OrderLine[]): Selection {
  const units = new Array<number>(lines.length);
  let from = lines.length;
  let to = 0;
  for (let slot = 0; slot < lines.length; slot += 1) {
    const some = lines[slot]?.quantity ?? 0;
    if (some > 0) {
      if (to === 0) from = slot;
      to = slot + 1;
    }
    units[slot] = some;
  }
  return { units, from, to, bundles: to === 0 ? 0 : 1 };
}

function selectSku(values: ReadonlySet<Scalar>): QuickSelect {
  const [sku] = values;
  return (lines) => {
    const units = new Array<number>(lines.length);
    let from = lines.length;
    let to = 0;
    for (let slot = 0; slot < lines.length; slot += 1) {
      const line = lines[slot];
      const some = line !== undefined && line.sku === sku ? line.quantity : 0;
      if (some > 0) {
        if (to === 0) from = slot;
        to = slot + 1;
      }
      units[slot] = some;
    }
    return { units, from, to, bundles: to === 0 ? 0 : 1 };
  };
}

function selectSkus(values: ReadonlySet<Scalar>): QuickSelect {
  return (lines) => {
    const units = new Array<number>(lines.length);
    let from = lines.length;
    let to = 0;
    for (let slot = 0; slot < lines.length; slot += 1) {
      const line = lines[slot];
      const some = line !== undefined && values.has(line.sku) ? line.quantity : 0;
      if (some > 0) {
        if (to === 0) from = slot;
        to = slot + 1;
      }
      units[slot] = some;
    }
    return { units, from, to, bundles: to === 0 ? 0 : 1 };
  };
}

function selectCategories(values: ReadonlySet<Scalar>): QuickSelect {
  return (lines) => {
    const units = new Array<number>(lines.length);
    let from = lines.length;
    let to = 0;
    for (let slot = 0; slot < lines.length; slot += 1) {
      const line = lines[slot];
      const some = line !== undefined && hasOneOf(line.category, values) ? line.quantity : 0;
      if (some > 0) {
        if (to === 0) from = slot;
        to = slot + 1;
      }
      units[slot] = some;
    }
    return { units, from, to, bundles: to === 0 ? 0 : 1 };
  };
}

function selectFlags(values: ReadonlySet<Scalar>): QuickSelect {
  return (lines) => {
    const units = new Array<number>(lines.length);
    let from = lines.length;
    let to = 0;
    for (let slot = 0; slot < lines.length; slot += 1) {
      const line = lines[slot];
      const some = line !== undefined && hasOneOf(line.flags, values) ? line.quantity : 0;
      if (some > 0) {
        if (to === 0) from = slot;
        to = slot + 1;
      }
      units[slot] = some;
    }
    return { units, from, to, bundles: to === 0 ? 0 : 1 };
  };
}

function hasOneOf(given: readonly string[], values: ReadonlySet<Scalar>): boolean {
  for (let at = 0; at < given.length; at += 1) {
    const one = given[at];
    if (one !== undefined && values.has(one)) return true;
  }
  return false;
}
