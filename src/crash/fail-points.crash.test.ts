import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { FAIL_POINTS, type FailPoint } from '../../workers/fail-point.ts';
import { Load, seedOf } from './testing/load.ts';
import { TestDeployment } from './testing/test-deployment.ts';

/** `relay-steps.crash.test.ts` and `audit-mirror.crash.test.ts` die there. */
type OtherPoint = Extract<FailPoint, `relay-${string}` | `audit-${string}`>;

/** At which passing of each place the processor dies: late enough for a state worth losing. */
const PASSINGS: Readonly<Record<Exclude<FailPoint, OtherPoint>, number>> = {
  'deployment-created': 1,
  'partition-opened': 2,
  'consumer-started': 3,
  'rule-set-stored': 1,
  'batch-received': 15,
  'batch-applied': 15,
  'batch-writing': 15,
  'batch-written': 15,
  'batch-returned': 30,
  'batch-answered': 30,
  'batch-acknowledged': 30,
  'letter-published': 10,
  'letters-saved': 1,
  'sink-bounded': 2,
  'sink-table-sent': 7,
  'sink-sent': 2,
  'sink-advanced': 2,
};

/** Starting, dying and checking takes seconds; a machine that is busy may take minutes. */
vi.setConfig({ testTimeout: 240_000 });

let deployment: TestDeployment;
let load: Load;

beforeAll(async () => {
  deployment = await TestDeployment.besideServers();
});

afterEach(async () => {
  // Only where a test failed: the next one starts from a dead processor.
  await deployment.kill();
});

afterAll(async () => {
  await deployment.remove();
});

test('a deployment that dies while it is created is created by the next start', async () => {
  deployment.start({ ARBITER_FAIL_POINT: 'deployment-created:1' });
  expect(await deployment.exited).toMatchObject({ signal: 'SIGKILL' });
  await deployment.run();
  expect(await deployment.applyRules()).toMatchObject({ code: 0 });
  load = await Load.start(deployment, seedOf('fail points'));
  await load.progress(50);
});

const isLater = (point: FailPoint): point is keyof typeof PASSINGS =>
  point in PASSINGS && point !== 'deployment-created';
const LATER = FAIL_POINTS.filter(isLater);

test.each(LATER)('killed at %s, nothing is lost or doubled', async (point) => {
  deployment.start({ ARBITER_FAIL_POINT: `${point}:${PASSINGS[point]}` });
  if (point === 'rule-set-stored') {
    await deployment.logged('arbiter runs');
    // It dies while it makes the version ready, so the version becomes current nowhere.
    const refused = await deployment.applyRules(20);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.output).toContain('no processor answers');
  }
  const ended = await deployment.exited;
  expect(ended, deployment.tail()).toMatchObject({ signal: 'SIGKILL' });
  expect(await deployment.violations()).toEqual([]);
});

test('after all these deaths every transaction is there once, as it was answered', async () => {
  await deployment.run();
  await load.progress(200);
  expect(await deployment.verify()).toMatchObject({ code: 0 });
  await load.finish();
  expect(await deployment.stop()).toEqual({ code: 0, signal: null });
  expect(await load.differences()).toEqual([]);

  const verified = await deployment.verify();
  expect(verified).toMatchObject({ code: 0 });
  expect(verified.output).toContain('has all of them');
});
