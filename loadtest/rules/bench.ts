/**
 * `npm run bench:applies`: how much later checkouts are answered while an operator applies a
 * version every second, compared with the same load without. The figures are only worth something
 * on a machine that does nothing else. `--by command` applies by the command line instead: each
 * apply starts a process of its own then.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Deployment } from '../e2e/deployment.ts';
import { enrol } from '../e2e/endurance.ts';
import { readOptions } from '../e2e/options.ts';
import { type Bench, type LatencyFigures, measureLatency } from '../e2e/round.ts';
import { Traffic } from '../e2e/traffic.ts';
import { Operator } from './operator.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '2000' },
    rules: { type: 'string', default: 'src/samples/coalition.yaml' },
    by: { type: 'string', default: 'http' },
  },
});
const MEMBERS = 10_000;
const CHECKOUTS = 20_000;
const PARTITIONS = 16;
/** From the beginning of one apply to the beginning of the next, where it does not take longer. */
const EVERY_MS = 1_000;

const data = mkdtempSync(join(tmpdir(), 'arbiter-applies-'));
const deployment = await Deployment.start(data, PARTITIONS);
try {
  const options = readOptions([]);
  if (options === undefined) throw new Error('the options of the benchmark have no defaults');
  const chosen = { ...options, members: MEMBERS, partitions: PARTITIONS };
  const run = (Date.now() % 36 ** 6).toString(36);
  const traffic = new Traffic({ ...chosen, seed: 1, checkouts: CHECKOUTS }, run);
  const bench: Bench = { options: chosen, deployment, traffic, sent: 0 };
  const { httpUrl } = await deployment.startProcessor();
  await deployment.applyRules(values.rules);
  await enrol(bench, MEMBERS);

  const load = { perSecond: Number(values.rate), seconds: Number(values.seconds) };
  await measureLatency(bench, { ...load, seconds: 5 });
  const alone = await measureLatency(bench, load);
  const applying = applyAgainAndAgain(values.by === 'command' ? byCommand : byOperator(httpUrl));
  const applied = await measureLatency(bench, load);
  const applies = await applying.stop();
  console.log(`without applies: ${figures(alone)}`);
  console.log(`with ${applies}: ${figures(applied)}`);
  console.log(`p99 later by ${(applied.p99 - alone.p99).toFixed(1)} ms`);
  console.log(await deployment.verify());
} finally {
  await deployment.stop();
  rmSync(data, { recursive: true, force: true });
}

/** Versions that differ by one percentage, one after the other. */
function applyAgainAndAgain(apply: (percent: number) => Promise<void>): {
  readonly stop: () => Promise<string>;
} {
  let goesOn = true;
  const took: number[] = [];
  const running = (async () => {
    while (goesOn) {
      const next = new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      const started = performance.now();
      await apply(1 + (took.length % 97));
      took.push(performance.now() - started);
      await next;
    }
  })();
  return {
    stop: async () => {
      goesOn = false;
      await running;
      const median = took.toSorted((one, other) => one - other)[took.length >> 1] ?? 0;
      return `${took.length} applies of ${median.toFixed(0)} ms`;
    },
  };
}

function byOperator(httpUrl: string): (percent: number) => Promise<void> {
  const operator = new Operator(httpUrl);
  return (percent) => operator.apply(percent);
}

async function byCommand(percent: number): Promise<void> {
  const file = join(data, 'rules.yaml');
  const original = readFileSync(values.rules, 'utf8');
  const changed = `discount: { percent: ${percent} }`;
  writeFileSync(file, original.replace(/discount: \{ percent: \d+ \}/, changed));
  await deployment.applyRules(file);
}

function figures({ p50, p99, max }: LatencyFigures): string {
  return `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, max ${max.toFixed(1)} ms`;
}
