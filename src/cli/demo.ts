import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { integer } from '../config/setting.ts';
import { SETTINGS, type Settings } from '../config/settings.ts';
import { LiveScreen } from '../demo/live-screen.ts';
import { Meter } from '../demo/meter.ts';
import { renderNextSteps } from '../demo/next-steps.ts';
import { nextRun } from '../demo/run-counter.ts';
import type { DemoStatus } from '../demo/status.ts';
import { TrafficDriver } from '../demo/traffic.ts';
import { dataLayout } from '../embedded/data-directory.ts';
import { TrafficGenerator } from '../generate/traffic.ts';
import { createLogger } from '../observe/logger.ts';
import { readSample } from '../samples/read-sample.ts';
import { ensureActive } from '../system/ensure-active.ts';
import { type System, startSystem } from '../system/system.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';
import { untilStopped } from './until-stopped.ts';

const TABLE = {
  ...SETTINGS,
  rate: integer({
    flag: '--rate',
    env: 'ARBITER_DEMO_RATE',
    fallback: 500,
    least: 0,
    most: 50_000,
    unit: 'transactions a second',
    about: 'Traffic of the demo; 0 starts everything without traffic.',
  }),
};

const PROGRAMME = 'Silk Road, a sample coalition';
const SEED = 20_260_101;
const SHOW_MILLISECONDS = 1_000;

const QUERY = {
  asks: 'Which campaigns gave what, over the last ten minutes?',
  sql:
    'SELECT promotion, sum(transactions) AS checkouts, sum(discount) / 100 AS discount, ' +
    'sum(points_issued) AS issued FROM arbiter.activity_by_minute ' +
    "WHERE minute > now() - INTERVAL 10 MINUTE AND promotion != '' " +
    'GROUP BY promotion ORDER BY checkouts DESC LIMIT 10 FORMAT PrettyCompact',
};

/** `arbiter demo`: everything on this machine, with believable traffic, until Ctrl-C. */
export async function demo(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;

  const { settings } = ready;
  const stopped = untilStopped();
  const screen = new LiveScreen(process.stdout);
  screen.print(`Arbiter starts in ${dataLayout(settings.data).path} …`);
  const logFile = join(dataLayout(settings.data).run, 'arbiter.log');
  const destination = pino.destination({ dest: logFile, mkdir: true, sync: false });
  const logger = createLogger({ level: settings.logLevel }, destination);
  const system = await startSystem(settings, { logger, gateway: true });
  try {
    await ensureActive(system, { document: readSample('coalition'), note: 'demo' });
    await show(system, { settings, rate: settings.rate, screen, stopped });
  } finally {
    screen.print('\nDraining …');
    await system.stop();
  }
  screen.print('Everything accepted is in the ledger. The next start goes on from here.');
  return 0;
}

async function show(
  system: System,
  given: {
    readonly settings: Settings;
    readonly rate: number;
    readonly screen: LiveScreen;
    readonly stopped: Promise<unknown>;
  },
): Promise<void> {
  const { rate, screen, stopped } = given;
  const meter = new Meter();
  let trouble: string | undefined;
  const traffic = await startTraffic(system, {
    rate,
    meter,
    onFault: (message) => {
      trouble = message;
    },
  });
  screen.print(
    `\n${renderNextSteps({ addresses: addressesOf(system), query: QUERY, member: MEMBER })}\n`,
  );
  const started = performance.now();
  let running = true;
  void stopped.then(() => {
    running = false;
  });
  while (running) {
    await Promise.race([sleep(SHOW_MILLISECONDS), stopped]);
    screen.show(statusOf(system, { started, rate, traffic, meter, trouble }));
    trouble = undefined;
  }
  await traffic?.stop();
}

/** A member of the generator's population who is enrolled among the first. */
const MEMBER = 'm-000001';

async function startTraffic(
  system: System,
  given: {
    readonly rate: number;
    readonly meter: Meter;
    readonly onFault: (message: string) => void;
  },
): Promise<TrafficDriver | undefined> {
  if (given.rate === 0) return undefined;
  const run = await nextRun(system.data.run);
  const generator = new TrafficGenerator({ seed: SEED, run });
  const driver = new TrafficDriver(
    {
      submit: (transactions) => system.client.submit(transactions),
      next: (at) => generator.next(at),
      now: () => Date.now(),
      sleep: (milliseconds) => sleep(milliseconds),
      onOutcome: (outcome, latency) => given.meter.see(outcome, latency),
      onFault: given.onFault,
    },
    given.rate,
  );
  driver.start();
  return driver;
}

function statusOf(
  system: System,
  given: {
    readonly started: number;
    readonly rate: number;
    readonly traffic: TrafficDriver | undefined;
    readonly meter: Meter;
    readonly trouble: string | undefined;
  },
): DemoStatus {
  const sink = system.sink.status();
  return {
    programme: PROGRAMME,
    uptimeSeconds: (performance.now() - given.started) / 1_000,
    targetPerSecond: given.rate,
    behind: given.traffic?.behind ?? 0,
    inFlight: given.traffic?.inFlight ?? 0,
    measured: given.meter.read(),
    streamLag: system.processor.lag,
    sinkLag: sink.lagRecords,
    trouble: given.trouble ?? sink.refused?.message,
  };
}

function addressesOf(system: System) {
  const http = system.httpUrl ?? '';
  return {
    http,
    clickhouse: system.servers.clickhouseUrl,
    nats: system.servers.natsUrls.join(', '),
    metrics: `${http}/metrics`,
  };
}
