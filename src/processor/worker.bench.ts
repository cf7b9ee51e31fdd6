import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { assert, must } from '../../core/assert.ts';
import { openBlock } from '../../core/layout/block.ts';
import { RowFormatter } from '../../core/layout/rows/row-formatter.ts';
import { foldBatch } from '../../workers/batch/apply-batch.ts';
import { openEnvelope } from '../../workers/batch/envelope.ts';
import { packReceipt } from '../../workers/batch/packed-receipt.ts';
import { ReceiptWriter } from '../../workers/batch/receipt.ts';
import type { LogMessage } from '../../workers/batch/request.ts';
import { compileSealed } from '../../workers/rules/compile-document.ts';
import { TreeCache } from '../../workers/rules/tree-cache.ts';
import { LmdbStore } from '../../workers/store/lmdb-store.ts';
import { Population } from '../generate/population.ts';
import { openShops } from '../generate/shops.ts';
import { TrafficGenerator } from '../generate/traffic.ts';
import { SAMPLES } from '../samples/sample-files.ts';

/**
 * `npm run bench:worker [-- --help]`: what a checkout costs one worker thread, step by step, on a
 * real store with its fsyncs, without the process around it. Processor time of the thread, which
 * says something on a busy machine too; `helpers` is what the engine's own threads took beside it
 * to compile and to collect garbage.
 */
const USAGE = `npm run bench:worker -- [options]

  --checkouts N   measured                                        (40000)
  --warm N        sent before; compiled code settles after 40000  (40000)
  --batch N       checkouts in a batch                            (256)
  --envelope N    checkouts in a message                          (64)
  --members N     enrolled in the partition                       (2000)
  --rules FILE    another rule set for the sample coalition's stores
`;

const { values } = parseArgs({
  options: {
    checkouts: { type: 'string', default: '40000' },
    warm: { type: 'string', default: '40000' },
    batch: { type: 'string', default: '256' },
    envelope: { type: 'string', default: '64' },
    members: { type: 'string', default: '2000' },
    rules: { type: 'string', default: SAMPLES.coalition.path },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

const STEPS = ['open', 'apply', 'write', 'pack', 'format'] as const;
const PLACE = { partition: 0, partitions: 1, sourceEpoch: 1 };
const SOURCE = { epoch: 1, created: '2026-01-01T00:00:00Z' };
const NOON = Date.UTC(2026, 0, 15, 7);
const HASH = '0'.repeat(64);
const LINES = 5;

const spent = Object.fromEntries(STEPS.map((step) => [step, 0]));
const members = Number(values.members);
const batchSize = Number(values.batch);
const envelopeSize = Number(values.envelope);

const folder = mkdtempSync(join(tmpdir(), 'arbiter-worker-bench-'));
const store = new LmdbStore({ path: folder, partition: 0, partitions: 1 });
const document: unknown = JSON.parse(JSON.stringify(parse(readFileSync(values.rules, 'utf8'))));
const stored = { version: 1, hash: HASH, author: '', note: '', document };
const trees = new TreeCache((hash) => (hash === HASH ? stored : undefined), compileSealed);
const formatter = new RowFormatter();
const traffic = new TrafficGenerator({
  seed: 1,
  members,
  lines: LINES,
  returns: 0,
  cancels: 0,
  enrolments: false,
});
let sequence = 0;

function timed<T>(step: (typeof STEPS)[number], run: () => T): T {
  const before = process.threadCpuUsage();
  const result = run();
  const { user, system } = process.threadCpuUsage(before);
  spent[step] = (spent[step] ?? 0) + user + system;
  return result;
}

function message(transactions: readonly unknown[]): LogMessage {
  sequence += 1;
  const data = Buffer.from(JSON.stringify(transactions));
  return { sequence, storedAt: NOON + sequence, store: '', format: 'json', answer: true, data };
}

function apply(messages: readonly LogMessage[]): void {
  // They are opened once more by `apply`; here only to know what that costs.
  timed('open', () => {
    for (const each of messages) openEnvelope(each, PLACE);
  });
  const listener = new ReceiptWriter(0);
  const batch = { messages, source: SOURCE };
  const folded = timed('apply', () => foldBatch(store, trees, { batch, listener }));
  timed('write', () => store.write(folded.writes));
  const receipt = listener.receipt(folded);
  timed('pack', () => packReceipt(receipt));
  const refused = receipt.tallies.filter(({ status }) => status !== 'accepted');
  assert(refused.length === 0, `not all were accepted: ${JSON.stringify(refused)}`);
  const { firstSequence } = must(folded.writes.block, 'a batch of new transactions is recorded');
  timed('format', () => {
    const block = must(store.blockAt(firstSequence), 'what was written can be read');
    formatter.addBlock(openBlock(block), { partition: 0, first: firstSequence, last: Infinity });
    formatter.take();
  });
}

function drive(count: number): void {
  for (let done = 0; done < count; done += batchSize) {
    const messages: LogMessage[] = [];
    for (let held = 0; held < batchSize; held += envelopeSize) {
      const size = Math.min(envelopeSize, batchSize - held);
      messages.push(message(Array.from({ length: size }, () => nextCheckout())));
    }
    apply(messages);
  }
}

function nextCheckout(): unknown {
  const { occurredAt, ...checkout } = traffic.next(NOON + sequence).transaction as {
    occurredAt?: string;
  };
  return checkout;
}

apply([message([{ id: 'a-1', kind: 'activation', version: 1, hash: HASH }])]);
const shops = openShops();
const population = new Population(members, shops.weights);
for (let rank = 0; rank < members; rank += 1) {
  const person = population.at(rank);
  const home = must(shops.regions[person.home]?.stores[0], 'a region has a store');
  apply([message([population.enrolment(person, home.store.id)])]);
}
drive(Number(values.warm));
for (const step of STEPS) spent[step] = 0;
const before = process.cpuUsage();
const generatorBefore = process.threadCpuUsage();
const checkouts = Math.ceil(Number(values.checkouts) / batchSize) * batchSize;
drive(checkouts);
const all = process.cpuUsage(before);
const thread = process.threadCpuUsage(generatorBefore);
const helpers = all.user + all.system - thread.user - thread.system;

const shown = (microseconds: number): string => `${(microseconds / checkouts).toFixed(1)} µs`;
const steps = STEPS.map((step) => [step, spent[step] ?? 0] as const);
const sum = steps.reduce((total, [step, time]) => total + (step === 'open' ? 0 : time), 0);
for (const [step, time] of steps) console.log(step.padEnd(10), shown(time));
console.log('sum'.padEnd(10), shown(sum), '(apply includes open, and formatting the answers)');
console.log('helpers'.padEnd(10), shown(helpers));
await store.close();
rmSync(folder, { recursive: true });
