import { ENGINES } from '../../core/arbitration/emit.ts';
import { findConflicts } from '../../core/rules/conflicts.ts';
import { decode } from '../../core/rules/decode.ts';
import { languageOf } from '../../core/rules/language.ts';
import { normalise } from '../../core/rules/normalise.ts';
import { validate } from '../../core/rules/validate.ts';

/**
 * `npm run bench:conflicts`: how long the look for conflicts takes, by processor time, for rule
 * sets of 1,000 promotions: all kept apart by articles, by conditions and places, and all in each
 * other's way.
 */

const COUNT = Number(process.env['PROMOTIONS'] ?? 1_000);

type Shape = (at: number) => object;

const SHAPES: Readonly<Record<string, Shape>> = {
  'apart by articles': (at) => ({
    lines: { sku: [`S${at}`, `T${at}`, `U${at}`] },
    when: { 'total.initial': { atLeast: (at % 50) * 1_000 }, 'member.age': { atLeast: 18 } },
    channels: at % 2 === 0 ? ['pos', 'web'] : ['app'],
    regions: { in: [`r${at % 50}`] },
  }),
  'apart by conditions': (at) => ({
    when: {
      'total.initial': { atLeast: at * 1_000, below: (at + 1) * 1_000 },
      any: [{ codes: { has: `C${at}` } }, { 'member.segments': { has: 'vip' } }],
    },
    regions: { in: [`r${at % 5}`] },
  }),
  'a tenth meets another': (at) => ({
    lines: { sku: [`S${at}`, `S${at % 10 === 0 ? at + 1 : `${at}-own`}`] },
    when: { 'member.segments': { has: `g${at % 7}` } },
  }),
  'all meet all': (at) => ({ when: { 'total.initial': { atLeast: at } } }),
};

for (const [name, shape] of Object.entries(SHAPES)) measure(name, shape);

function measure(name: string, shape: Shape): void {
  const decoded = decode(documentOf(shape));
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.diagnostics[0]));
  const valid = validate(decoded.value, 'open');
  if (!valid.ok) throw new Error(JSON.stringify(valid.diagnostics[0]));
  const rules = normalise(valid.value);
  const decide = ENGINES.compiled(rules, languageOf(rules));
  const before = process.cpuUsage();
  const { warnings, proved, undecided } = findConflicts(rules, decoded.value, decide);
  const { user, system } = process.cpuUsage(before);
  const seconds = ((user + system) / 1_000_000).toFixed(2);
  const told = `${warnings.length} warnings, ${proved} proved apart, ${undecided.length} undecided`;
  console.log(`${name.padEnd(24)} ${COUNT} promotions ${seconds} s  ${told}`);
}

function documentOf(shape: Shape): object {
  const promotion = (_: unknown, at: number) => ({
    promotion: `p${at}`,
    benefits: [{ discount: { percent: 5 } }],
    ...shape(at),
  });
  const region = (_: unknown, at: number) => ({ id: `r${at}`, kind: 'region', parent: 'kz' });
  return {
    places: [{ id: 'kz', kind: 'country' }, ...Array.from({ length: 50 }, region)],
    arbitration: { children: Array.from({ length: COUNT }, promotion) },
  };
}
