import type { NatsConnection } from 'nats';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { TRANSIT } from '../../core/ledger/transfer.ts';
import type { FailPoint } from '../../workers/fail-point.ts';
import type { OutcomeJson } from '../client/outcome-json.ts';
import { TransactionClient } from '../client/transaction-client.ts';
import { Random } from '../generate/random.ts';
import { readLedger } from './testing/ledger-check.ts';
import { seedOf } from './testing/load.ts';
import { PARTITIONS, TestDeployment } from './testing/test-deployment.ts';

/** Starting, dying and checking takes seconds; a machine that is busy may take minutes. */
vi.setConfig({ testTimeout: 240_000 });

const MEMBERS = Array.from({ length: 8 }, (_, number) => `r-${number}`);
/** Merged into another member: whoever gives it points gives them to that one. */
const MERGED = { member: 'gone', into: 'r-0' } as const;
const START_POINTS = 100_000;
const POINTS_MAX = 5;
const BURST = 5;
const BURST_PAUSE_MS = 20;
/** After this many the bursts come slowly, but they come: each death needs batches to die in. */
const SOON_MAX = 400;
const LATER_PAUSE_MS = 200;
/** The client repeats much sooner by itself; some wait through several deaths. */
const ANSWER_TIMEOUT_MS = 180_000;

interface Gift {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

/** Members give points to each other, to nobody, and to somebody who was merged. */
class Givers {
  readonly gifts: Gift[] = [];
  readonly #answers: Promise<readonly OutcomeJson[]>[] = [];
  readonly #client: TransactionClient;
  readonly #random: Random;

  constructor(client: TransactionClient, seed: number) {
    this.#client = client;
    this.#random = new Random(seed, 0);
  }

  give(): void {
    const burst = Array.from({ length: BURST }, (): Gift => {
      const from = this.#random.pick(MEMBERS);
      const others = MEMBERS.filter((member) => member !== from);
      const to = this.#random.pick([...others, 'nobody', MERGED.member]);
      return { from, to, amount: this.#random.between(1, POINTS_MAX) };
    });
    const transactions = burst.map(({ from: member, to, amount }, position) => {
      const id = `gift/${this.gifts.length + position}`;
      return { id, kind: 'transfer', member, to, type: 'main', amount };
    });
    this.gifts.push(...burst);
    this.#answers.push(this.#client.submit(transactions, { timeoutMs: ANSWER_TIMEOUT_MS }));
  }

  /** All outcomes, once each is durable. */
  async answers(): Promise<readonly OutcomeJson[]> {
    return (await Promise.all(this.#answers)).flat();
  }

  /** What everybody has once nothing is under way. */
  balances(): Map<string, number> {
    const balances = new Map(MEMBERS.map((member) => [member, START_POINTS]));
    const add = (member: string, points: number): void => {
      balances.set(member, (balances.get(member) ?? 0) + points);
    };
    for (const { from, to, amount } of this.gifts) {
      if (to === 'nobody') continue;
      add(from, -amount);
      add(to === MERGED.member ? MERGED.into : to, amount);
    }
    return balances;
  }
}

let deployment: TestDeployment;
let connection: NatsConnection;
let client: TransactionClient;
let givers: Givers;

beforeAll(async () => {
  deployment = await TestDeployment.besideServers();
  await deployment.run();
  await deployment.applyRules();
  connection = await deployment.connect();
  client = new TransactionClient(connection, { partitions: PARTITIONS });
  givers = new Givers(client, seedOf('relay steps'));
  const joins = [...MEMBERS, MERGED.member].map((member) => ({
    ...{ id: `join/${member}`, kind: 'enrol', member },
  }));
  const gets = MEMBERS.map((member) => ({
    ...{ id: `get/${member}`, kind: 'adjust', member, type: 'main', amount: START_POINTS },
  }));
  await client.submit(joins);
  await client.submit([...gets, { id: 'merge', kind: 'merge', ...MERGED }]);
  await deployment.stop();
});

afterEach(async () => {
  // Only where a test failed: the next one starts from a dead processor.
  await deployment.kill();
});

afterAll(async () => {
  await client.close();
  await connection.close();
  await deployment.remove();
});

/** Before and after each leg of a relay, and in the writes of both sides. */
const DEATHS: readonly (readonly [FailPoint, number])[] = [
  ['relay-listed', 7],
  ['relay-answered', 9],
  ['relay-ended', 6],
  ['batch-writing', 9],
  ['batch-written', 11],
];

test.each(DEATHS)('killed at %s, passed %i times, no point is lost or doubled', async (...at) => {
  deployment.start({ ARBITER_FAIL_POINT: at.join(':') });
  while (deployment.runs) {
    givers.give();
    const pause = givers.gifts.length < SOON_MAX ? BURST_PAUSE_MS : LATER_PAUSE_MS;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  expect(await deployment.exited, deployment.tail()).toMatchObject({ signal: 'SIGKILL' });
  expect(await deployment.violations()).toEqual([]);
});

test('after all these deaths every gift has arrived once, or come back', async () => {
  await deployment.run();
  givers.give();
  const answers = await givers.answers();
  const refused = answers.filter((answer) => (answer.recorded ?? answer.status) !== 'accepted');
  expect(refused).toEqual([]);
  const expected = givers.balances();
  await deployment.waitFor('all points to arrive', async () => {
    const found = await Promise.all(MEMBERS.map((member) => balanceOf(member)));
    return MEMBERS.every((member, place) => found[place] === expected.get(member)) || undefined;
  });
  expect(await deployment.stop()).toEqual({ code: 0, signal: null });
  expect(await deployment.verify()).toMatchObject({ code: 0 });

  const transfers = (await readLedger(deployment.layout.store, PARTITIONS)).flatMap(
    (record) => record.transfers,
  );
  const sum = (points: readonly { readonly points: number }[]): number =>
    points.reduce((total, move) => total + move.points, 0);
  expect(sum(transfers.filter(({ to }) => to === TRANSIT))).toBe(
    sum(transfers.filter(({ from }) => from === TRANSIT)),
  );
  expect(sum(transfers.filter(({ movement }) => movement === 'transfer-out'))).toBe(
    givers.gifts.reduce((total, { amount }) => total + amount, 0),
  );
});

async function balanceOf(member: string): Promise<number | undefined> {
  const view = await client.member(member).catch(() => undefined);
  const points = view?.['points'];
  const main: unknown = Array.isArray(points)
    ? points.find(({ type }: { readonly type?: unknown }) => type === 'main')
    : undefined;
  const isShown = typeof main === 'object' && main !== null && 'balance' in main;
  return isShown ? Number(main.balance) : undefined;
}
