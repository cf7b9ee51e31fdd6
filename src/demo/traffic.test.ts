import { expect, test } from 'vitest';
import { Fault } from '../fault.ts';
import type { Traffic } from '../generate/traffic.ts';
import { BEHIND_MAX, IN_FLIGHT_MAX, TrafficDriver, type TrafficPorts } from './traffic.ts';

const START = 1_000_000;

/** A clock that only moves when it is told to; who sleeps is woken at each move. */
function handClock() {
  let now = START;
  let sleepers: (() => void)[] = [];
  return {
    now: () => now,
    sleep: () => new Promise<void>((resolve) => sleepers.push(resolve)),
    move: async (milliseconds: number) => {
      now += milliseconds;
      const woken = sleepers;
      sleepers = [];
      for (const wake of woken) wake();
      await settled();
    },
  };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function scene(perSecond: number, ports: Partial<TrafficPorts> = {}) {
  const clock = handClock();
  const sent: unknown[] = [];
  const latencies: number[] = [];
  const faults: string[] = [];
  let made = 0;
  const driver = new TrafficDriver(
    {
      submit: async (transactions) => {
        sent.push(...transactions);
        return transactions.map(() => ({ status: 'accepted' }));
      },
      next: (): Traffic => {
        made += 1;
        return { kind: 'checkout', transaction: made };
      },
      now: clock.now,
      sleep: clock.sleep,
      onOutcome: (_outcome, latencyMs) => latencies.push(latencyMs),
      onFault: (message) => faults.push(message),
      ...ports,
    },
    perSecond,
  );
  return { clock, driver, sent, latencies, faults };
}

async function stopped(driver: TrafficDriver, clock: ReturnType<typeof handClock>): Promise<void> {
  const stop = driver.stop();
  await clock.move(0);
  await stop;
}

test('without a rate nothing is sent, and nobody wakes up', async () => {
  let naps = 0;
  const sleep = async (): Promise<void> => {
    naps += 1;
  };
  const { clock, driver, sent } = scene(0, { sleep });
  driver.start();
  await clock.move(60_000);
  await driver.stop();
  expect(sent).toEqual([]);
  expect(naps).toBe(0);
});

test('what is due is sent, at the rate that was asked for', async () => {
  const { clock, driver, sent } = scene(200);
  driver.start();
  await clock.move(10);
  expect(sent).toHaveLength(2);
  await clock.move(990);
  expect(sent).toHaveLength(200);
  await stopped(driver, clock);
  expect(sent).toHaveLength(200);
});

test('latency counts from when a transaction was due, not from when it was sent', async () => {
  const { clock, driver, latencies } = scene(10);
  driver.start();
  await clock.move(1_000);
  expect(latencies).toEqual([900, 800, 700, 600, 500, 400, 300, 200, 100, 0]);
  await stopped(driver, clock);
});

test('a processor that does not answer holds traffic back, and stopping waits for it', async () => {
  let answer: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { clock, driver } = scene(10_000, {
    submit: async () => {
      await gate;
      return [{ status: 'accepted' }];
    },
  });
  driver.start();
  await clock.move(2_000);
  expect(driver.inFlight).toBe(IN_FLIGHT_MAX);
  expect(driver.behind).toBe(20_000 - IN_FLIGHT_MAX);

  let isStopped = false;
  const stop = driver.stop().then(() => {
    isStopped = true;
  });
  await clock.move(0);
  expect(isStopped).toBe(false);
  answer();
  await stop;
  expect(driver.inFlight).toBe(0);
});

test('after a long sleep of the machine the schedule starts over', async () => {
  const { clock, driver, sent } = scene(1_000);
  driver.start();
  await clock.move(1_000 + BEHIND_MAX + 1);
  expect(sent).toHaveLength(0);
  await clock.move(10);
  expect(sent).toHaveLength(10);
  await stopped(driver, clock);
});

test("a member's checkout waits for the enrolment", async () => {
  const log: string[] = [];
  const kinds: Traffic[] = [
    { kind: 'enrol', transaction: 'enrol' },
    { kind: 'checkout', transaction: 'checkout' },
  ];
  let answer: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { clock, driver } = scene(2, {
    next: () => kinds.shift() ?? { kind: 'checkout', transaction: 'another' },
    submit: async ([transaction]) => {
      log.push(String(transaction));
      if (transaction === 'enrol') await gate;
      return [{ status: 'accepted' }];
    },
  });
  driver.start();
  await clock.move(500);
  await clock.move(499);
  expect(log).toEqual(['enrol']);
  answer();
  await settled();
  expect(log).toEqual(['enrol', 'checkout']);
  await stopped(driver, clock);
});

test('a fault that passes is repeated with the same transaction, another is given up', async () => {
  let attempts = 0;
  const passing = scene(1, {
    submit: async () => {
      attempts += 1;
      if (attempts < 3) throw new Fault('no-answer', 'busy', { retry: 'after-backoff' });
      return [{ status: 'accepted' }];
    },
  });
  passing.driver.start();
  for (let index = 0; index < 3; index += 1) await passing.clock.move(index === 0 ? 1_000 : 0);
  expect(attempts).toBe(3);
  expect(passing.faults).toEqual(['busy', 'busy']);
  expect(passing.latencies).toHaveLength(1);
  await stopped(passing.driver, passing.clock);

  const lasting = scene(1, { submit: () => Promise.reject(new Error('broken')) });
  lasting.driver.start();
  await lasting.clock.move(1_000);
  expect(lasting.faults).toEqual(['broken']);
  expect(lasting.driver.inFlight).toBe(0);
  await stopped(lasting.driver, lasting.clock);
});
