/**
 * `npm run bench:arbitration`: decisions of the compiled tree, of the interpreter, and of two
 * engines for general rules on the same promotions and checkouts, with the same promotions
 * applying whatever their number. `--write` puts the table into `docs/benchmarks/arbitration.md`.
 * The figures are only worth something on a machine that does nothing else.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { compiledBy, inputOf } from '../testing/cases.ts';
import type { ArbitrationInput, Decision } from './decision.ts';
import { handWritten } from './hand-written.bench.ts';
import { jsonRulesEngine, type PlainFacts, type PlainPromotion, zenEngine } from './peers.bench.ts';
import type { ArbitrationTree } from './tree.ts';

const SIZES = [10, 100, 300, 1_000, 5_000];
const LINES = [5, 20];
const CHECKOUTS = 50;
/** Products that checkouts contain; so many promotions are for them, all others for others. */
const PRODUCTS = 10;

const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    milliseconds: { type: 'string', default: '500' },
  },
});
const budget = Number(values.milliseconds);

function promotionsOf(count: number): readonly PlainPromotion[] {
  const spread = Math.floor(count / PRODUCTS);
  return Array.from({ length: count }, (_, index) => ({
    id: `p${index}`,
    sku: index % spread === 0 ? `S${index / spread}` : `OTHER-${index}`,
    atLeast: 1_000,
    percent: 1 + (index % 5),
  }));
}

function documentOf(promotions: readonly PlainPromotion[], depth: number): unknown {
  const children = promotions.map(({ id, sku, atLeast, percent }) => ({
    promotion: id,
    lines: { sku },
    when: { 'total.initial': { atLeast } },
    benefits: { list: [{ discount: { percent } }] },
  }));
  let tree: readonly unknown[] = children;
  for (let level = 0; level < depth; level += 1) {
    tree = [{ group: `g${level}`, mode: 'sequential', children: tree }];
  }
  return { arbitration: { mode: 'sequential', children: tree } };
}

function quoteOf(lines: number, seed: number): unknown {
  return {
    id: `q${seed}`,
    kind: 'quote',
    lines: Array.from({ length: lines }, (_, index) => ({
      id: String(index + 1),
      sku: index % 4 === 0 ? `S${(index / 4 + seed) % PRODUCTS}` : `NONE-${index}`,
      quantity: 1 + (index % 3),
      price: 1_999 + index * 100,
    })),
  };
}

interface Timing {
  readonly median: number;
  readonly p99: number;
}

async function timed(run: (index: number) => unknown): Promise<Timing> {
  const until = performance.now() + budget;
  for (let at = 0; at < 2_000 && performance.now() < until; at += 1) await run(at % CHECKOUTS);
  const samples: number[] = [];
  const end = performance.now() + budget;
  for (let at = 0; performance.now() < end; at += 1) {
    const start = performance.now();
    const answer = run(at % CHECKOUTS);
    if (answer instanceof Promise) await answer;
    samples.push((performance.now() - start) * 1_000);
  }
  samples.sort((one, two) => one - two);
  const median = samples[samples.length >> 1] ?? 0;
  return { median, p99: samples[Math.floor(samples.length * 0.99)] ?? median };
}

const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |\n`;
const us = ({ median, p99 }: Timing) => `${median.toFixed(1)} (${p99.toFixed(0)})`;

async function measure(count: number, lines: number): Promise<string> {
  const promotions = promotionsOf(count);
  const compiled = compiledBy('compiled', documentOf(promotions, 0));
  const nested = compiledBy('compiled', documentOf(promotions, 9));
  const plain = compiledBy('interpret', documentOf(promotions, 0));
  if (compiled === undefined || nested === undefined || plain === undefined) {
    throw new Error('the rule set of the benchmark does not compile');
  }
  const inputs = Array.from({ length: CHECKOUTS }, (_, seed) =>
    inputOf({ quote: quoteOf(lines, seed), balances: {}, seed: 0 }, compiled.rules),
  );
  const facts: readonly PlainFacts[] = inputs.map(({ checkout }) => ({
    skus: checkout.lines.map(({ sku }) => sku),
    total: checkout.lines.reduce((sum, { gross }) => sum + gross, 0),
  }));
  const peers = [zenEngine(promotions), jsonRulesEngine(promotions)];
  for (const eligible of peers) await sameSet(eligible, { facts, inputs, tree: compiled.tree });
  const decide = (tree: typeof compiled.tree) =>
    timed((at) => tree.decide(inputs[at] as ArbitrationInput));
  const ours = await decide(compiled.tree);
  const deep = await decide(nested.tree);
  const specification = await decide(plain.tree);
  const others: Timing[] = [];
  for (const eligible of peers) others.push(await timed((at) => eligible(facts[at] as PlainFacts)));
  const ceiling = handWritten(promotions);
  if (count === 10) sameDecisions(ceiling, { inputs, tree: compiled.tree });
  const hand = count === 10 ? us(await timed((at) => ceiling(inputs[at] as ArbitrationInput))) : '';
  const ratios = others.map(({ median }) => `${Math.round(median / ours.median)}×`);
  return row([
    count,
    lines,
    us(ours),
    us(deep),
    us(specification),
    ...others.map(us),
    ...ratios,
    hand,
  ]);
}

/** All contestants find the same promotions, or the comparison means nothing. */
async function sameSet(
  eligible: (facts: PlainFacts) => Promise<readonly string[]>,
  where: {
    readonly facts: readonly PlainFacts[];
    readonly inputs: readonly ArbitrationInput[];
    readonly tree: { readonly decide: (input: ArbitrationInput) => unknown };
  },
): Promise<void> {
  for (const [at, facts] of where.facts.slice(0, 3).entries()) {
    const found = [...(await eligible(facts))].sort().join();
    const text = JSON.stringify(where.tree.decide(where.inputs[at] as ArbitrationInput));
    const ours = [...text.matchAll(/"promotion":"(p\d+)","benefit"/g)].map((match) => match[1]);
    if ([...new Set(ours)].sort().join() !== found) throw new Error(`${ours} is not ${found}`);
  }
}

/** The function written by hand gives the same decisions, byte for byte. */
function sameDecisions(
  ceiling: (input: ArbitrationInput) => Decision,
  where: { readonly inputs: readonly ArbitrationInput[]; readonly tree: ArbitrationTree },
): void {
  for (const input of where.inputs) {
    const ours = JSON.stringify(where.tree.decide(input));
    const byHand = JSON.stringify({ ok: true, decision: ceiling(input) });
    if (ours !== byHand) throw new Error(`${ours} is not ${byHand}`);
  }
}

const HEAD = [
  'promotions',
  'lines',
  'compiled tree',
  'nine levels deep',
  'interpreter',
  'zen-engine',
  'json-rules-engine',
  'zen ÷ ours',
  'json-rules ÷ ours',
  'hand-written',
];
let table = row(HEAD) + row(HEAD.map(() => '---'));
for (const lines of LINES) for (const size of SIZES) table += await measure(size, lines);
process.stdout.write(table);
if (values.write) {
  const [cpu] = cpus();
  const intro = `# Arbitration, side by side

Microseconds for one decision: median (p99). The two peers only find out which promotions apply; the
others also compute every price, award and reason. The function written by hand for exactly the ten
promotions gives the same decisions, byte for byte. Made by \`npm run bench:arbitration -- --write\`
on ${cpus().length} × ${cpu?.model ?? 'unknown processor'}, Node ${process.version}, 1-minute load
average at the end ${(await import('node:os')).loadavg()[0]?.toFixed(1)}: above 1, other programs
were running and the figures are too high.

`;
  mkdirSync('docs/benchmarks', { recursive: true });
  writeFileSync('docs/benchmarks/arbitration.md', intro + table);
}
