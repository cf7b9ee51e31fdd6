import { setTimeout as sleep } from 'node:timers/promises';
import { TrafficGenerator } from '../generate/traffic.ts';
import { LiveScreen, type Terminal } from './live-screen.ts';
import { Meter, type SeenOutcome } from './meter.ts';
import { type DemoAddresses, renderNextSteps } from './next-steps.ts';
import { nextRun } from './run-counter.ts';
import { TrafficDriver, type TrafficPorts } from './traffic.ts';

/** How far the parts behind the fsync are; undefined while nobody knows. */
export interface Lags {
  readonly stream: number | undefined;
  readonly sink: number | undefined;
}

export interface DemoShowOptions {
  readonly submit: (transactions: readonly unknown[]) => Promise<readonly SeenOutcome[]>;
  readonly lags: () => Lags | Promise<Lags>;
  /** Where the number of the run is kept: a folder of the data folder. */
  readonly folder: string;
  readonly perSecond: number;
  readonly terminal: Terminal;
  readonly addresses: DemoAddresses;
  /** Of the traffic; the number of the run is mixed in. */
  readonly seed?: number;
}

export interface DemoShow {
  /** Sends nothing more, waits for what is under way, and shows the last state. */
  readonly stop: () => Promise<void>;
}

/** The programme of `coalition.yaml`. */
const PROGRAMME = 'silk-road';
const SHOW_EVERY_MS = 1_000;
/** Trouble is shown so long after it was last heard of. */
const TROUBLE_SHOWN_MS = 5_000;
/** Shares of the traffic sent twice, and spoiled, so that the figures have something to show. */
const DUPLICATES = 0.01;
const MALFORMED = 0.001;

/** Traffic and live status of the demo. The servers and the processor are the caller's. */
export async function startDemoShow(options: DemoShowOptions): Promise<DemoShow> {
  const run = await nextRun(options.folder);
  const meter = new Meter();
  const trouble: Trouble = { text: '', at: -Infinity };
  const driver = trafficOf(options, { run, meter, trouble });
  const screen = new LiveScreen(options.terminal);
  screen.print(`${renderNextSteps(options.addresses)}\n`);

  const startedAt = performance.now();
  let readAt = startedAt;
  const show = async () => {
    const { stream, sink } = await knownLags(options);
    const now = performance.now();
    screen.show({
      programme: PROGRAMME,
      uptimeSeconds: (now - startedAt) / 1_000,
      targetPerSecond: options.perSecond,
      behind: driver.behind,
      inFlight: driver.inFlight,
      measured: meter.read((now - readAt) / 1_000),
      streamLag: stream,
      sinkLag: sink,
      trouble: now - trouble.at < TROUBLE_SHOWN_MS ? trouble.text : undefined,
    });
    readAt = now;
  };
  driver.start();
  const stopShowing = repeat(show);
  return {
    stop: async () => {
      await driver.stop();
      await stopShowing();
      await show();
    },
  };
}

/** A lag that cannot be had (a server is restarting) is a dash, not the end of the demo. */
async function knownLags({ lags }: DemoShowOptions): Promise<Lags> {
  try {
    return await lags();
  } catch {
    return { stream: undefined, sink: undefined };
  }
}

interface Trouble {
  text: string;
  at: number;
}

interface Watching {
  readonly run: number;
  readonly meter: Meter;
  readonly trouble: Trouble;
}

function trafficOf(options: DemoShowOptions, { run, meter, trouble }: Watching): TrafficDriver {
  const generator = new TrafficGenerator({
    seed: options.seed ?? 1,
    run,
    duplicates: DUPLICATES,
    malformed: MALFORMED,
  });
  const ports: TrafficPorts = {
    submit: options.submit,
    next: (at) => generator.next(at),
    now: Date.now,
    sleep: (milliseconds) => sleep(milliseconds),
    onOutcome: (outcome, latencyMs) => meter.see(outcome, latencyMs),
    onFault: (text) => Object.assign(trouble, { text, at: performance.now() }),
  };
  return new TrafficDriver(ports, options.perSecond);
}

/** Does something again and again, never twice at once; the result ends it. */
function repeat(work: () => Promise<void>): () => Promise<void> {
  const ending = new AbortController();
  const { signal } = ending;
  const loop = async () => {
    while (!signal.aborted) {
      // The only way this sleep ends early is the end of the loop.
      await sleep(SHOW_EVERY_MS, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await work();
    }
  };
  const running = loop();
  return async () => {
    ending.abort();
    await running;
  };
}
