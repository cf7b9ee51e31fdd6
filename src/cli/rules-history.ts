import type { RulePorts } from '../../ops/rules/ports.ts';
import { schedules } from '../../ops/rules/schedule.ts';
import type { Act, RuleSetVersion } from '../../ops/rules/version.ts';
import { integer } from '../config/setting.ts';
import { SETTINGS } from '../config/settings.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';
import { withDesk } from './rules-deployment.ts';
import { wordsBetween } from './rules-report.ts';

const TABLE = {
  ...SETTINGS,
  last: integer({
    flag: '--last',
    fallback: 20,
    least: 1,
    most: 10_000,
    about: 'How many versions and acts to show.',
  }),
};

/** `arbiter rules history`: what became current and when, the versions, and what is planned. */
export async function rulesHistory(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;
  const { settings, words } = ready;
  if (!wordsBetween(words, [0, 0], 'arbiter rules history [--last N]')) return 2;
  return withDesk(settings, async ({ ports }) => {
    await tellActs(ports, settings.last, write);
    await tellVersions(ports, settings.last, write);
    await tellSchedules(ports, settings.last, write);
    return 0;
  });
}

async function tellActs({ books }: RulePorts, count: number, write: Write): Promise<void> {
  const last = await books.lastAct();
  write('acts, the latest first\n');
  for (let at = last?.number ?? 0; at > Math.max(0, (last?.number ?? 0) - count); at -= 1) {
    const act = await books.act(at);
    if (act) write(`  ${actLine(act, act.number === last?.number)}\n`);
  }
}

function actLine({ act, version, before, author, note, at }: Act, isLast: boolean): string {
  const from = before === undefined ? '' : `, before it ${before}`;
  const what = `${act.padEnd(9)} version ${version}${from}`;
  return `${at}  ${what}  ${author}${quoted(note)}${isLast ? '  (current)' : ''}`;
}

async function tellVersions({ books }: RulePorts, count: number, write: Write): Promise<void> {
  const latest = await books.latest();
  write('\nversions, the latest first\n');
  for (let number = latest; number > Math.max(0, latest - count); number -= 1) {
    const version = await books.version(number);
    if (version) write(`  ${versionLine(version)}\n`);
  }
}

function versionLine({ version, parent, hash, author, authors, note, at }: RuleSetVersion): string {
  const from = parent === undefined ? 'the first' : `from ${parent}`;
  const others = authors.filter((name) => name !== author);
  const by = [author, ...others].join(', ');
  return `${at}  ${version}, ${from}, ${hash.slice(0, 19)}…  ${by}${quoted(note)}`;
}

async function tellSchedules(ports: RulePorts, count: number, write: Write): Promise<void> {
  const planned = (await schedules(ports)).slice(0, count);
  if (planned.length === 0) return;
  write('\nschedules, the latest first\n');
  for (const { value } of planned) {
    const { number, version, due, author, note, state, message } = value;
    const why = message === undefined ? '' : `: ${message}`;
    const what = `${number}, version ${version} at ${due}`;
    write(`  ${what}, ${state}${why}  ${author}${quoted(note)}\n`);
  }
}

const quoted = (note: string): string => (note === '' ? '' : `: ${note}`);
