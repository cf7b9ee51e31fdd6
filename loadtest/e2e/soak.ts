/**
 * `npm run bench:soak`: a fixed load for some minutes, and every half minute what an operator
 * would look at: latency, memory, where the time goes. See `docs/performance.md`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Histogram } from 'hdr-histogram-js';
import { Deployment, type RunningProcessor } from './deployment.ts';
import { enrol } from './endurance.ts';
import { Load } from './load.ts';
import { readOptions } from './options.ts';
import { CpuMeter, memoryOf } from './process-figures.ts';
import type { Bench } from './round.ts';
import { slope } from './statistics.ts';
import { readSteps, stepsBetween, stepsLine } from './step-times.ts';
import { Traffic } from './traffic.ts';

const USAGE = `npm run bench:soak -- [options]

  --minutes N       how long                                (10)
  --rate N          checkouts a second, on a schedule       (2000)
                    0: as fast as they are answered
  --every N         seconds between two lines               (30)
  --members N       members enrolled before                 (20000)
  --envelope N      checkouts an envelope                   (64)
  --node-flags F    flags for the processor's Node, separated by blanks
  --keep            keep the data folder, and the processor's log in it
`;
const CHECKOUTS = 50_000;
const MIB = 2 ** 20;
const MICROSECONDS = 1_000;
/** Flat: what a day would add is less than what a restart frees. */
const FLAT_MIB_PER_MINUTE = 1;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    rate: { type: 'string', default: '2000' },
    every: { type: 'string', default: '30' },
    members: { type: 'string', default: '20000' },
    envelope: { type: 'string', default: '64' },
    'node-flags': { type: 'string', default: '' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(USAGE);
else await main();

async function main(): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'arbiter-soak-'));
  const { members, envelope } = values;
  const options = readOptions(['--members', members, '--envelope', envelope, '--rounds', '1']);
  if (options === undefined) return;
  const run = (Date.now() % 36 ** 6).toString(36);
  const traffic = new Traffic({ ...options, seed: 1, checkouts: CHECKOUTS }, run);
  const deployment = await Deployment.start(data, options.partitions);
  const bench: Bench = { options, deployment, traffic, sent: 0 };
  const stop = async (): Promise<void> => {
    await deployment.stop();
    if (values.keep) console.log(`the data is in ${data}`);
    else rmSync(data, { recursive: true, force: true });
  };
  process.once('SIGINT', () => void stop().finally(() => process.exit(1)));
  process.once('SIGTERM', () => void stop().finally(() => process.exit(1)));
  try {
    const flags = values['node-flags'].split(' ').filter((flag) => flag !== '');
    const processor = await deployment.startProcessor(flags);
    await deployment.applyRules();
    await enrol(bench, options.members);
    await watch(bench, processor);
  } finally {
    await stop();
  }
}

interface Sample {
  readonly minute: number;
  readonly resident: number;
  readonly heaps: number;
}

async function watch(bench: Bench, processor: RunningProcessor): Promise<void> {
  const load = await Load.open(bench.deployment.natsUrl, bench.options.format);
  const samples: Sample[] = [];
  const started = performance.now();
  const minute = (): number => (performance.now() - started) / 60_000;
  const until = started + Number(values.minutes) * 60_000;
  const cpu = new CpuMeter({ processor: processor.pid });
  let latency = load.record();
  let steps = await readSteps(processor);
  const everything = new Map(steps);
  const tell = async (): Promise<void> => {
    const seen = latency;
    latency = load.record();
    const now = await readSteps(processor);
    const { resident, anonymous } = memoryOf(processor.pid);
    samples.push({ minute: minute(), resident: resident / MIB, heaps: anonymous / MIB });
    const memory = `resident ${mib(resident)}, heaps ${mib(anonymous)} MiB`;
    console.log(`${minute().toFixed(1)} min: ${percentiles(seen)}; ${memory}`);
    console.log(`         ms, p50/p99: ${stepsLine(stepsBetween(steps, now))}`);
    steps = now;
  };
  const timer = setInterval(() => void tell(), Number(values.every) * 1_000);
  const envelopes = bench.traffic.envelopes(bench.options.envelope);
  const isOver = (): boolean => performance.now() >= until;
  const rate = Number(values.rate);
  if (rate > 0) await load.paced(envelopes, rate, isOver);
  else await load.closed(envelopes, bench.options.window, isOver);
  clearInterval(timer);
  await load.drained();
  const used = ((cpu.read()['processor'] ?? 0) / load.answered.transactions) * 100_000;
  const over = await readSteps(processor);
  console.log(`all: ms, p50/p99: ${stepsLine(stepsBetween(everything, over))}`);
  const { transactions } = load.answered;
  console.log(`processor: ${used.toFixed(1)} CPU s per 100,000 of ${transactions} checkouts`);
  await load.close();
  conclude(samples, memoryOf(processor.pid).peak);
}

/** The slope of a line through the second half, when everything is warm. */
function conclude(samples: readonly Sample[], peak: number): void {
  const half = samples.slice(samples.length >> 1);
  const resident = slope(half.map((each) => [each.minute, each.resident]));
  const heaps = slope(half.map((each) => [each.minute, each.heaps]));
  const flat = Math.abs(heaps) < FLAT_MIB_PER_MINUTE ? 'flat' : 'not flat';
  console.log(`peak ${mib(peak)} MiB; over the second half: resident ${resident.toFixed(2)},`);
  console.log(`heaps ${heaps.toFixed(2)} MiB/min (${flat})`);
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(0);
}

function percentiles(latency: Histogram): string {
  const at = (share: number): string =>
    (latency.getValueAtPercentile(share) / MICROSECONDS).toFixed(1);
  return `p50 ${at(50)}, p99 ${at(99)}, p99.9 ${at(99.9)} ms of ${latency.totalCount} envelopes`;
}
