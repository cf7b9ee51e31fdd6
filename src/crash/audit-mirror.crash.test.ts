import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { TestDeployment } from './testing/test-deployment.ts';

/** Starting, dying and checking takes seconds; a machine that is busy may take minutes. */
vi.setConfig({ testTimeout: 240_000 });

let deployment: TestDeployment;

beforeAll(async () => {
  deployment = await TestDeployment.besideServers();
});

afterAll(async () => {
  await deployment.kill();
  await deployment.remove();
});

const newToken = ['tokens', 'create', '--name', 'till', '--role', 'till'];

test('killed around a copy, the audit list is in ClickHouse once', async () => {
  for (const point of ['audit-bounded', 'audit-sent']) {
    deployment.start({ ARBITER_FAIL_POINT: `${point}:1` });
    expect(await deployment.exited, deployment.tail()).toMatchObject({ signal: 'SIGKILL' });
    expect(await deployment.command(newToken)).toMatchObject({ code: 0 });
  }
  await deployment.run();
  const verified = await deployment.waitFor('the copy', async () => {
    const result = await deployment.command(['audit', 'verify', '--mirror']);
    return result.output.includes(', 0 are to come') ? result : undefined;
  });
  expect(verified).toMatchObject({ code: 0 });
  expect(verified.output).toContain('ClickHouse holds the same 3 rows');
});
