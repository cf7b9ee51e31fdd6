import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';

const STEP_BACK = new URL('./step-back.ts', import.meta.url).href;
const PROGRAM = `
  import { existsSync, readFileSync } from 'node:fs';
  import { getPriority } from 'node:os';
  const { stepBack } = await import(process.argv[1]);
  const before = getPriority();
  stepBack(4);
  const group = '/proc/self/autogroup';
  const session = existsSync(group) ? readFileSync(group, 'latin1').trim() : '';
  console.log(JSON.stringify({ increment: getPriority() - before, nice: getPriority(), session }));
`;

function stepped(detached: boolean) {
  const argv = ['--input-type=module', '--eval', PROGRAM, STEP_BACK];
  const command = detached ? ['setsid', process.execPath, ...argv] : [process.execPath, ...argv];
  const { stdout } = spawnSync(command[0] ?? '', command.slice(1), { encoding: 'utf8' });
  return JSON.parse(stdout) as { increment: number; nice: number; session: string };
}

test('a process steps back by as much as it is told', () => {
  expect(stepped(false).increment).toBe(4);
});

test.runIf(existsSync('/proc/self/autogroup'))('and with it the session that it leads', () => {
  const { nice, session } = stepped(true);
  expect(session).toMatch(new RegExp(` nice ${nice}$`));
});
