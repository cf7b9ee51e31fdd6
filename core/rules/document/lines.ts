import type { BundlePart, Ranking } from '../condition.ts';
import { quoted } from '../diagnostic.ts';
import { id, integer, units, word } from '../shape/scalars.ts';
import { type Cursor, isPlainObject, report, type Shape } from '../shape/shape.ts';
import { type Decoded, list, optional, record, required } from '../shape/structures.ts';
import { type DocumentCondition, lineCondition } from './condition.ts';

/** A line scope as written. */
export interface DocumentLines {
  readonly where: DocumentCondition | undefined;
  readonly ranking: Ranking | undefined;
  readonly bundle: readonly BundlePart[];
}

const COUNT_MAX = 1_000_000;
/** Different products of one bundle. */
const BUNDLE_MAX = 20;

const bundlePart = record({
  sku: optional(id, 'the article; or a category'),
  category: optional(id, 'any article of the category'),
  quantity: required(units, 'units of it in one bundle'),
});

const counting = {
  order: optional(
    word(['cheapest-first', 'most-expensive-first', 'as-listed']),
    'how lines are ranked: by unit price, then lower subtotal, then order',
  ),
  skip: optional(integer({ min: 0, max: COUNT_MAX }), 'how many are skipped first'),
  take: optional(integer({ min: 1, max: COUNT_MAX }), 'how many of each window are taken'),
  every: optional(integer({ min: 1, max: COUNT_MAX }), 'how long a window is'),
  count: optional(word(['lines', 'units']), 'what is counted; default units'),
  bundle: optional(list(bundlePart, { min: 1, max: BUNDLE_MAX }), 'complete sets of these'),
};
const countingRecord = record(counting);
const COUNTING = Object.keys(counting);

/** The scope of a promotion or a benefit: a filter, and maybe a ranking or a bundle. */
export const lines: Shape<DocumentLines> = {
  decode: (value, at) => {
    if (!isPlainObject(value)) {
      return report(at, {
        code: 'wrong-type',
        message: `${quoted(value)} is not a line scope`,
        hint: 'write an object, such as `{ category: { in: [toys] } }`',
      });
    }
    const entries = Object.entries(value).filter(([, one]) => one !== undefined && one !== null);
    const pick = (wanted: boolean) =>
      Object.fromEntries(entries.filter(([key]) => COUNTING.includes(key) === wanted));
    const [filter, counted] = [pick(false), countingRecord.decode(pick(true), at)];
    const where = Object.keys(filter).length === 0 ? undefined : lineCondition.decode(filter, at);
    if (counted === undefined) return undefined;
    if (where === undefined && Object.keys(filter).length > 0) return undefined;
    return assemble(where, counted, at);
  },
  schema: (definitions) => {
    const filter = lineCondition.schema(definitions);
    const { properties = {} } = countingRecord.schema(definitions);
    const facts = definitions.get('lineCondition') ?? filter;
    const scope = {
      ...facts,
      properties: { ...(facts['properties'] as object), ...(properties as object) },
    };
    if (!definitions.has('lines')) definitions.set('lines', scope);
    return { $ref: '#/$defs/lines' };
  },
};

function assemble(
  where: DocumentCondition | undefined,
  counted: Decoded<typeof counting>,
  at: Cursor,
): DocumentLines | undefined {
  const { bundle = [], ...ranked } = counted;
  if (bundle.some((part) => (part.sku === undefined) === (part.category === undefined))) {
    return report(at, {
      code: 'ambiguous-bundle',
      message: 'a part of a bundle has either `sku` or `category`',
      hint: 'name one of the two in each part',
    });
  }
  const ranking = rankingOf(ranked);
  if (bundle.length > 0 && ranking !== undefined) {
    return report(at, {
      code: 'ambiguous-lines',
      message: 'lines are either ranked and counted, or form bundles',
      hint: 'move one of the two to the `lines` of the benefit',
    });
  }
  return { where, ranking, bundle };
}

function rankingOf(ranked: Omit<Decoded<typeof counting>, 'bundle'>): Ranking | undefined {
  if (Object.values(ranked).every((value) => value === undefined)) return undefined;
  return {
    order: ranked.order ?? 'as-listed',
    skip: ranked.skip ?? 0,
    take: ranked.take,
    every: ranked.every,
    count: ranked.count ?? 'units',
  };
}
