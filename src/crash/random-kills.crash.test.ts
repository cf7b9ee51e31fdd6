import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Random } from '../generate/random.ts';
import { Load, seedOf } from './testing/load.ts';
import { TestDeployment } from './testing/test-deployment.ts';

/** Starting, dying and checking takes seconds; a machine that is busy may take minutes. */
vi.setConfig({ testTimeout: 240_000 });

const VICTIMS = ['processor', 'nats', 'clickhouse'] as const;
const ROUNDS = 6;
const OUTCOMES_BEFORE_KILL_MAX = 150;

let deployment: TestDeployment;

beforeAll(async () => {
  deployment = await TestDeployment.embedded();
});

afterAll(async () => {
  await deployment.remove();
});

test('whoever is killed under load, whenever: nothing is lost or doubled', async () => {
  const seed = seedOf('random kills');
  const random = new Random(seed, 99);
  await deployment.run();
  expect(await deployment.applyRules()).toMatchObject({ code: 0 });
  const load = await Load.start(deployment, seed);

  // Each of them dies at least once; who else, and when, is drawn.
  const victims = Array.from(
    { length: ROUNDS },
    (_, round) => VICTIMS[round] ?? random.pick(VICTIMS),
  );
  for (const victim of victims) {
    await load.progress(random.between(1, OUTCOMES_BEFORE_KILL_MAX));
    if (victim === 'processor') {
      await deployment.kill();
      await deployment.run();
      continue;
    }
    const pid = deployment.serverPid(victim);
    await deployment.killServer(victim);
    // The processor lives on and starts the server again.
    await deployment.waitFor(`a new ${victim}`, () => {
      const now = deployment.serverPid(victim);
      return now !== undefined && now !== pid ? now : undefined;
    });
    expect(deployment.runs, deployment.tail()).toBe(true);
  }
  await load.progress(100);
  await load.finish();
  expect(await deployment.verify()).toMatchObject({ code: 0 });

  expect(await deployment.stop()).toEqual({ code: 0, signal: null });
  expect(await load.differences()).toEqual([]);
  const verified = await deployment.verify();
  expect(verified).toMatchObject({ code: 0 });
  expect(verified.output).toContain('has all of them');
});

test('nats-server and ClickHouse die together, again and again', async () => {
  await deployment.run();
  const load = await Load.start(deployment, seedOf('both servers'));
  for (let round = 0; round < 2; round += 1) {
    await load.progress(20);
    await Promise.all([deployment.killServer('nats'), deployment.killServer('clickhouse')]);
    await deployment.logged(
      'embedded server started again',
      ({ server }) => server === 'clickhouse',
    );
  }
  await load.progress(50);
  await load.finish();
  expect(await deployment.stop()).toEqual({ code: 0, signal: null });
  expect(await deployment.verify()).toMatchObject({ code: 0 });
});
