import fc from 'fast-check';

/** Rule sets of promotions that are kept apart, and seeds of conflicts to put among them. */

type Json = Readonly<Record<string, unknown>>;

/** Whatever is drawn of these, all of it can hold at once. */
const conditions: fc.Arbitrary<Json> = fc
  .record(
    {
      'total.initial': fc.integer({ min: 0, max: 50_000 }).map((atLeast) => ({ atLeast })),
      quantity: fc.constantFrom({ atLeast: 2 }, { atMost: 5 }),
      channel: fc.constantFrom({ in: ['pos', 'web'] }, { in: ['pos', 'app'] }, { is: 'pos' }),
      codes: fc.constantFrom('A', 'B', 'C').map((has) => ({ has })),
      'member.segments': fc.constantFrom('vip', 'new').map((has) => ({ has })),
      'member.age': fc.constantFrom({ atLeast: 18 }, { below: 60 }, { between: [20, 40] }),
      'member.birthday': fc.constantFrom({ within: 'P3D' }, { within: 'P30D' }),
      'member.points.main': fc.integer({ min: 0, max: 900 }).map((atLeast) => ({ atLeast })),
      'member.checkouts': fc.constantFrom({ atLeast: 3 }, { above: 1 }),
      'member.fields.city': fc.constantFrom({ is: 'Almaty' }, { in: ['Almaty', 'Astana'] }),
      'line.brand': fc.constantFrom({ is: 'x' }, { in: ['x', 'y'] }),
      tender: fc.constant({ in: ['card', 'cash'] }),
    },
    { requiredKeys: [] },
  )
  .chain((facts) => {
    const parts: Json[] = Object.entries(facts).map(([fact, test]) => ({ [fact]: test }));
    const refused = { not: { channel: 'phone' } };
    const either = {
      any: [{ codes: { has: 'Z' } }, ...parts.slice(0, 1), { 'member.known': true }],
    };
    return fc.constantFrom<Json>({ all: [...parts, refused] }, { all: [...parts, either] });
  });

/** And these as well. */
const surroundings = fc
  .record(
    {
      regions: fc.constantFrom({ in: ['kz'] }, { except: ['south'] }, { in: ['north'] }),
      period: fc.constantFrom(
        { start: '2026-01-01' },
        { end: '2026-12-01' },
        { start: '2026-06-01', end: '2026-07-01' },
        { start: '2026-06-01T10:00', repeat: { every: 'P1D', for: 'PT8H' } },
      ),
      hours: fc.constantFrom(
        { days: ['mon', 'tue'], from: '09:00', to: '15:00' },
        { days: ['mon', 'sun'], from: '11:00', to: '02:00' },
      ),
      channels: fc.constantFrom(['pos'], ['pos', 'web']),
    },
    { requiredKeys: [] },
  )
  .map((one): Json => one);

const discount: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom(5, 10, 20).map((percent) => ({ discount: { percent } })),
  fc.constant({ discount: { amount: 10 } }),
);
const points: fc.Arbitrary<Json> = fc.constant({ points: { rate: 1 } });

/** A promotion for some articles only. */
function promotionFor(name: string, skus: readonly string[], benefit: fc.Arbitrary<Json>) {
  return fc
    .record({ around: surroundings, when: fc.option(conditions, { nil: undefined }), benefit })
    .map(({ around, when, benefit: one }): Json => {
      const type = 'points' in one ? 'points-accrual' : 'product-discount';
      const own = { promotion: name, type, lines: { sku: skus }, benefits: [one] };
      return { ...own, ...around, ...(when === undefined ? {} : { when }) };
    });
}

const PLACES = [
  { id: 'kz', kind: 'country', zone: 'Asia/Almaty' },
  { id: 'north', kind: 'region', parent: 'kz' },
  { id: 'south', kind: 'region', parent: 'kz' },
];

function documentOf(children: readonly Json[]): Json {
  return {
    program: { timezone: 'Asia/Almaty' },
    pointTypes: [{ id: 'main' }],
    places: PLACES,
    arbitration: {
      children: [{ promotion: 'everywhere', benefits: [{ text: 'Hello' }] }, ...children],
    },
  };
}

export interface Seeded {
  readonly document: Json;
  /** The pairs that meet. */
  readonly seeds: readonly { readonly code: string; readonly one: string; readonly two: string }[];
}

/** Promotions for one article each, and for some of them another one that meets it there. */
export const seededConflicts: fc.Arbitrary<Seeded> = fc
  .array(fc.constantFrom('apart', 'price', 'points'), { minLength: 2, maxLength: 8 })
  .chain((kinds) => {
    const pairs = kinds.map((kind, at) => {
      const [one, two] = [`p${at}`, `q${at}`];
      const benefit = kind === 'points' ? points : discount;
      const first = promotionFor(one, [`S${at}`, `T${at}`], benefit);
      if (kind === 'apart') return fc.tuple(first);
      return fc.tuple(first, promotionFor(two, [`T${at}`, `U${at}`], benefit));
    });
    return fc.tuple(...pairs).map((made) => ({
      document: documentOf([
        ...made.map(([first]) => first),
        ...made.flatMap(([, second]) => (second === undefined ? [] : [second])),
      ]),
      seeds: kinds.flatMap((kind, at) => {
        if (kind === 'apart') return [];
        const code = kind === 'points' ? 'double-accrual' : 'overlapping-promotions';
        return [{ code, one: `p${at}`, two: `q${at}` }];
      }),
    }));
  });
