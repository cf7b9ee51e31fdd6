import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ScratchProcessor } from '../testing/scratch-processor.ts';
import { COMMANDS } from './commands.ts';

let scratch: ScratchProcessor;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arbiter-rules-cli-'));
  scratch = await ScratchProcessor.start();
});

afterAll(async () => {
  await scratch?.stop();
  await rm(folder, { recursive: true });
});

/** Runs a command as the terminal does and returns its exit code and what it printed. */
async function run(name: string, ...words: string[]) {
  const command = await COMMANDS.get(name)?.load();
  if (!command) throw new Error(`there is no command ${name}`);
  let output = '';
  const where = ['--nats', scratch.nats.url, '--partitions', '4', '--data', folder];
  const code = await command([...words, ...where], (text) => {
    output += text;
  });
  return { code, output: output.replaceAll(/sha256:[0-9a-f]{12,64}/g, 'sha256:…') };
}

const file = (name: string) => join(folder, name);

test('a file goes round: exported, edited, drafted, applied, shown, and rolled back', async () => {
  expect((await run('rules export', 'current', '--out', file('a.yaml'))).code).toBe(0);
  const text = await readFile(file('a.yaml'), 'utf8');
  expect(text).toMatch(/^# version 1, base 1\nprogram:\n/);
  await writeFile(file('a.yaml'), text.replace('percent: 10', 'percent: 12'));

  expect(await run('rules diff', '1', file('a.yaml'))).toMatchObject({
    code: 0,
    output: `from version 1 to ${file('a.yaml')}\n  promotion toys-10: benefit 1 discount percent 10 → 12\n`,
  });
  const draft = await run('rules draft', file('a.yaml'), '--base', '1', '--author', 'ann');
  expect(draft.output).toBe('  promotion toys-10: benefit 1 discount percent 10 → 12\n');
  const shown = await run('rules draft');
  expect(shown.output).toMatch(/last touched: promotion toys-10 by ann at 2/);

  const applied = await run('rules apply', '--author', 'ben', '--note', 'spring');
  expect(applied).toEqual({
    code: 0,
    output:
      '  promotion toys-10: benefit 1 discount percent 10 → 12\n' +
      'version 2 (sha256:…) becomes current in all partitions\n',
  });
  const history = (await run('rules history')).output;
  expect(history).toMatch(/apply {5}version 2, before it 1 {2}ben: spring {2}\(current\)/);
  expect(history).toMatch(/2, from 1, sha256:…+ {2}ann: spring/);
  expect((await run('rules rollback')).output).toMatch(/^version 1 /);
  expect((await run('rules diff', '2')).output).toMatch(/percent 12 → 10/);
});

test('a file that does not compile is applied nowhere, and told why', async () => {
  await writeFile(file('bad.yaml'), 'arbitration: { mode: none }');
  const refused = await run('rules apply', file('bad.yaml'));
  expect(refused.code).toBe(1);
  expect(refused.output).toMatch(/nothing was applied/);
});

test('a stop, a launch and a plan are one command each', async () => {
  expect((await run('rules stop', 'earn', '--note', 'wrong rate')).output).toMatch(
    /promotion earn: state added: inactive\nversion 3 /,
  );
  await writeFile(file('with.yaml'), 'parameters: { toys-10: { percent: 30 } }');
  const flags = ['--parent', 'xx', '--campaigns', 'toys-10', '--with', file('with.yaml')];
  expect(await run('regions launch', 'west', ...flags)).toEqual({
    code: 0,
    output:
      '  promotion toys-10: regions added: { with: { west: { percent: 30 } } }\n' +
      '  promotion earn: regions added: { except: [west] }\n' +
      '  place west added\n' +
      'version 4 (sha256:…) becomes current in all partitions\n',
  });
  const planned = await run('rules schedule', '4', '2099-01-01T00:00:00+05:00');
  expect(planned.output).toBe('schedule 1: version 4 at 2098-12-31T19:00:00.000Z, waiting\n');
  expect((await run('rules schedule', '--cancel', '1', '--author', 'cat')).output).toMatch(
    /cancelled/,
  );
  expect((await run('rules history')).output).toMatch(/cancelled: cancelled by cat/);
  expect((await run('rules revert')).output).toBe('there is nothing to set back\n');
});

test('an area is applied by itself, and only an area that there is', async () => {
  await run('areas set', 'one', '--stores', 's-1');
  await run('rules clone', 'promotion toys-10', '--id', 'toys-all');
  const applied = await run('rules apply', '--area', 'one');
  expect(applied).toEqual({ code: 1, output: expect.stringContaining('more than your stores') });
  const unknown = await run('rules apply', '--area', 'two');
  expect(unknown).toMatchObject({ code: 2, output: expect.stringContaining('no area two') });
  const back = await run('rules rollback', '1');
  expect(back.code).toBe(0);
  const version = await run('rules apply', '2', '--area', 'one');
  expect(version).toMatchObject({ code: 1, output: expect.stringContaining('all stores') });
  await run('rules revert');
});

test('promotions and groups are cloned, moved, switched and deleted in the working copy', async () => {
  const clone = await run('rules clone', 'promotion toys-10', '--id', 'toys-x');
  expect(clone).toEqual({
    code: 0,
    output: '  promotion toys-x added to group main (draft)\n',
  });
  const moved = await run('rules move', 'promotion toys-x', '--after', 'promotion earn');
  expect(moved.output).toMatch(/moved within group main, behind promotion earn/);
  const off = await run('rules deactivate', 'promotion toys-10');
  expect(off.output).toMatch(/promotion toys-10: state added: inactive/);
  expect((await run('rules activate', 'promotion toys-10')).code).toBe(0);
  expect((await run('rules archive', 'promotion toys-10')).output).toMatch(/is no group/);
  expect((await run('rules end', 'group main')).output).toMatch(/main arbitration cannot/);
  expect((await run('rules delete', 'promotion toys-x')).output).toMatch(/toys-x removed/);
  expect((await run('rules approve', '4')).output).toMatch(/holds edits by operator/);
  expect((await run('rules approve', '4', '--author', 'dora')).code).toBe(0);
  expect((await run('rules move', 'promotion nobody')).code).toBe(1);
  expect((await run('rules revert')).code).toBe(0);
});

test('what is asked wrongly changes nothing', async () => {
  expect((await run('rules rollback', 'x')).code).toBe(2);
  expect((await run('rules stop')).code).toBe(2);
  expect((await run('rules stop', 'nobody')).output).toMatch(/no promotion nobody/);
  expect((await run('rules apply', '77')).output).toMatch(/there is no version 77/);
  await expect(run('rules schedule', '1', 'tomorrow')).rejects.toThrow(/is no instant/);
  await expect(run('rules diff', '77')).rejects.toThrow(/there is no version 77/);
});
