import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fill, type Heads } from './backlog.ts';
import { checkoutsInClickHouse, untilInClickHouse } from './clickhouse-side.ts';
import type { Deployment, RunningProcessor } from './deployment.ts';
import { watchDrain } from './drain.ts';
import { Load } from './load.ts';
import type { BenchOptions } from './options.ts';
import { CpuMeter } from './process-figures.ts';
import type { Traffic } from './traffic.ts';

const BARE_CONSUMER = fileURLToPath(new URL('./bare-consumer.ts', import.meta.url));
const BARE_MS_MAX = 300_000;

/** What is measured, and what it is measured with. */
export interface Bench {
  readonly options: BenchOptions;
  readonly deployment: Deployment;
  readonly traffic: Traffic;
  /** Checkouts sent so far, each under an id of its own: as many have to arrive everywhere. */
  sent: number;
}

export type CpuPer100k = Readonly<
  Record<'processor' | 'nats' | 'clickhouse' | 'generator', number>
>;

export interface LiveFigures {
  readonly perSecond: number;
  readonly perSecondWithClickHouse: number;
  readonly sinkLagCheckouts: number;
  readonly catchUpSeconds: number;
  readonly cpuPer100k: CpuPer100k;
}

/** Full load: as many envelopes as are answered durably, with a bounded number on their way. */
export async function measureLive(bench: Bench, processor: RunningProcessor): Promise<LiveFigures> {
  const { options, deployment, traffic } = bench;
  const load = await Load.open(deployment.natsUrl, options.format);
  try {
    let stop = false;
    const running = load.closed(traffic.envelopes(options.envelope), options.window, () => stop);
    await during(running, options.warmUpSeconds);
    const begin = await mark(load, processor);
    const cpu = new CpuMeter(pidsOf(bench, processor));
    await during(running, options.liveSeconds);
    const used = cpu.read();
    const end = await mark(load, processor);
    stop = true;
    await running;
    await load.drained();
    bench.sent += load.answered.transactions;
    const loadEnded = performance.now();
    await untilInClickHouse(processor, bench.sent);
    const caughtUp = performance.now();
    const checkouts = end.answered - begin.answered;
    return {
      perSecond: checkouts / ((end.at - begin.at) / 1_000),
      perSecondWithClickHouse: (bench.sent - begin.stored) / ((caughtUp - begin.at) / 1_000),
      sinkLagCheckouts: bench.sent - load.answered.transactions + end.answered - end.stored,
      catchUpSeconds: (caughtUp - loadEnded) / 1_000,
      cpuPer100k: perHundredThousand(used, checkouts),
    };
  } finally {
    await load.close();
  }
}

interface Mark {
  readonly at: number;
  readonly answered: number;
  /** Checkouts in ClickHouse. */
  readonly stored: number;
}

async function mark(load: Load, processor: RunningProcessor): Promise<Mark> {
  const at = performance.now();
  const answered = load.answered.transactions;
  return { at, answered, stored: await checkoutsInClickHouse(processor) };
}

/** Lets something run for a time; what goes wrong in it meanwhile is told at once. */
async function during(running: Promise<void>, seconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const time = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, seconds * 1_000);
  });
  await Promise.race([running, time]);
  clearTimeout(timer);
}

function pidsOf({ deployment }: Bench, processor: RunningProcessor): Record<string, number> {
  return {
    processor: processor.pid,
    nats: deployment.natsPid,
    clickhouse: processor.clickhousePid,
    generator: process.pid,
  };
}

function perHundredThousand(used: Record<string, number>, checkouts: number): CpuPer100k {
  const of = (name: string): number => ((used[name] ?? 0) / Math.max(1, checkouts)) * 100_000;
  return {
    processor: of('processor'),
    nats: of('nats'),
    clickhouse: of('clickhouse'),
    generator: of('generator'),
  };
}

export interface LatencyFigures {
  readonly offeredPerSecond: number;
  /** Milliseconds from the instant an envelope was due to its durable answer. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** A fixed rate on a schedule that waits for nobody; `each` is called every second. */
export async function measureLatency(
  bench: Bench,
  load: { readonly perSecond: number; readonly seconds: number },
): Promise<LatencyFigures> {
  const { options, deployment, traffic } = bench;
  const client = await Load.open(deployment.natsUrl, options.format);
  try {
    const until = performance.now() + load.seconds * 1_000;
    const latency = client.record();
    const envelopes = traffic.envelopes(options.envelope);
    await client.paced(envelopes, load.perSecond, () => performance.now() >= until);
    await client.drained();
    bench.sent += client.answered.transactions;
    const at = (share: number): number => latency.getValueAtPercentile(share) / 1_000;
    return {
      offeredPerSecond: load.perSecond,
      p50: at(50),
      p99: at(99),
      p999: at(99.9),
      max: latency.maxValue / 1_000,
    };
  } finally {
    await client.close();
  }
}

export interface DrainFigures {
  readonly perSecond: number;
  readonly barePerSecond: number;
  readonly ratio: number;
  readonly cpuPer100k: CpuPer100k;
  /** Of the bare consumer's own process. */
  readonly bareCpuPer100k: number;
}

/**
 * Messages of one checkout: the streams are filled while no processor runs, read by a bare
 * consumer, then by the processor, which starts anew for it. Leaves that processor running.
 */
export async function measureDrain(
  bench: Bench,
  nodeFlags: readonly string[] = [],
): Promise<{ readonly figures: DrainFigures; readonly processor: RunningProcessor }> {
  const { options, deployment, traffic } = bench;
  await deployment.stopProcessor();
  const before = await fill(deployment.natsUrl, traffic.singles(), {
    messages: options.drainMessages,
    partitions: options.partitions,
  });
  bench.sent += options.drainMessages;
  const bare = await consumeBare(deployment.natsUrl, before);
  const drain = await watchDrain(deployment.natsUrl, before);
  const processor = await deployment.startProcessor(nodeFlags);
  const cpu = new CpuMeter(pidsOf(bench, processor));
  const { messages, seconds } = await drain.finished();
  const cpuPer100k = perHundredThousand(cpu.read(), options.drainMessages);
  await untilInClickHouse(processor, bench.sent);
  const perSecond = messages / seconds;
  const barePerSecond = bare.messages / bare.seconds;
  const bareCpuPer100k = (bare.cpu / bare.messages) * 100_000;
  const ratio = perSecond / barePerSecond;
  return { figures: { perSecond, barePerSecond, ratio, cpuPer100k, bareCpuPer100k }, processor };
}

interface Bare {
  readonly messages: number;
  readonly seconds: number;
  readonly cpu: number;
}

async function consumeBare(url: string, from: Heads): Promise<Bare> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [BARE_CONSUMER, url, JSON.stringify(from)],
    { timeout: BARE_MS_MAX },
  );
  // Written by `bare-consumer.ts`.
  return JSON.parse(stdout);
}
