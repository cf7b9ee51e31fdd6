import { connect, createInbox, headers } from 'nats';
import type { RunningProcessor } from './deployment.ts';
import { Load } from './load.ts';
import { memoryOf } from './process-figures.ts';
import { type Bench, measureLatency } from './round.ts';
import { median, slope } from './statistics.ts';
import { enrolments } from './traffic.ts';

const SAMPLE_MS = 10_000;
const MIB = 2 ** 20;
const MINUTE = 60_000;
const WINDOW = 64;
const FIRST_ANSWER_MS_MAX = 120_000;

export interface SoakFigures {
  readonly minutes: number;
  /** Resident MiB of the processor, sampled every ten seconds. */
  readonly residentMiB: readonly number[];
  readonly anonymousMiB: readonly number[];
  /** Over the second half, when everything is warm. */
  readonly residentMiBPerMinute: number;
  readonly anonymousMiBPerMinute: number;
}

/** Watches the processor's memory under a steady load. */
export async function soak(
  bench: Bench,
  processor: RunningProcessor,
  load: { readonly perSecond: number; readonly minutes: number },
): Promise<SoakFigures> {
  const resident: [number, number][] = [];
  const anonymous: [number, number][] = [];
  const started = performance.now();
  const sample = (): void => {
    const minute = (performance.now() - started) / MINUTE;
    const memory = memoryOf(processor.pid);
    resident.push([minute, memory.resident / MIB]);
    anonymous.push([minute, memory.anonymous / MIB]);
  };
  const timer = setInterval(sample, SAMPLE_MS);
  try {
    await measureLatency(bench, { perSecond: load.perSecond, seconds: load.minutes * 60 });
  } finally {
    clearInterval(timer);
  }
  const secondHalf = (points: readonly [number, number][]) => points.slice(points.length >> 1);
  return {
    minutes: load.minutes,
    residentMiB: resident.map(([, value]) => Math.round(value)),
    anonymousMiB: anonymous.map(([, value]) => Math.round(value)),
    residentMiBPerMinute: slope(secondHalf(resident)),
    anonymousMiBPerMinute: slope(secondHalf(anonymous)),
  };
}

/** Enrols members through the log; those that are enrolled already stay as they are. */
export async function enrol(bench: Bench, members: number): Promise<void> {
  const { options, deployment } = bench;
  const load = await Load.open(deployment.natsUrl, options.format);
  try {
    await load.closed(enrolments({ ...options, members }), WINDOW, () => false);
    await load.drained();
  } finally {
    await load.close();
  }
}

export interface StartFigures {
  readonly members: number;
  /** From the start of the process to the durable answer of a checkout that waited in the log. */
  readonly seconds: readonly number[];
  readonly median: number;
}

/** The time from a start to the first commit, embedded ClickHouse included. */
export async function measureStart(bench: Bench, members: number): Promise<StartFigures> {
  const { options, deployment, traffic } = bench;
  await enrol(bench, members);
  const seconds: number[] = [];
  const checkouts = traffic.singles();
  for (let round = 0; round < options.rounds; round += 1) {
    await deployment.stopProcessor();
    const connection = await connect({ servers: deployment.natsUrl, name: 'bench-start' });
    const inbox = createInbox();
    const answers = connection.subscribe(inbox, { max: 1, timeout: FIRST_ANSWER_MS_MAX });
    const about = headers();
    about.set('Arbiter-Reply', inbox);
    const checkout = checkouts.next();
    if (checkout.done) throw new Error('the traffic has no end');
    const { partition, bytes } = checkout.value;
    connection.publish(`tx.${partition}`, bytes, { headers: about });
    await connection.flush();
    bench.sent += 1;
    const started = performance.now();
    const ready = deployment.startProcessor();
    for await (const _ of answers) break;
    seconds.push((performance.now() - started) / 1_000);
    await ready;
    await connection.close();
  }
  return { members, seconds, median: median(seconds) };
}
