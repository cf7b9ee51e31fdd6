import type { Setting } from './setting.ts';
import type { SettingTable, ValuesOf } from './settings.ts';

export interface Sources {
  /** Words of the command line after the command. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type Configuration<Table extends SettingTable> =
  | {
      readonly ok: true;
      readonly settings: ValuesOf<Table>;
      /** Words that are no flags, such as file names. */
      readonly words: readonly string[];
      /** Variables that look like ours but are not. */
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Reads all settings once. A flag wins over the environment, the environment over the default;
 * an empty variable counts as not set. All problems are found at once.
 */
export function readSettings<Table extends SettingTable>(
  table: Table,
  sources: Sources,
): Configuration<Table> {
  const line = readLine(table, sources.argv);
  const problems = [...line.problems];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(table)) {
    const given = givenFor(setting, { flag: line.flags.get(name), env: sources.env });
    if (given === undefined) {
      values[name] = setting.fallback;
      continue;
    }
    const parsed = setting.parse(given.text);
    if (parsed.ok) values[name] = parsed.value;
    else problems.push(`${given.source} ${parsed.problem}${shown(setting, given.text)}`);
  }
  if (problems.length > 0) return { ok: false, problems };
  // Every name of the table was given a value by its own parser or default just above.
  const settings = values as ValuesOf<Table>;
  return { ok: true, settings, words: line.words, warnings: strangers(table, sources.env) };
}

/** What to print, before exiting with `EXIT_BAD_CONFIGURATION`. */
export function problemsText(problems: readonly string[]): string {
  const head = problems.length === 1 ? 'A setting is' : `${problems.length} settings are`;
  const list = problems.map((problem) => `  - ${problem}`).join('\n');
  return `${head} wrong:\n${list}\nSee docs/reference/configuration.md or --help.\n`;
}

export const EXIT_BAD_CONFIGURATION = 2;

interface Given {
  readonly source: string;
  readonly text: string;
}

function givenFor(
  setting: Setting<unknown>,
  from: { readonly flag: string | undefined; readonly env: Sources['env'] },
): Given | undefined {
  if (from.flag !== undefined) return { source: setting.flag ?? '', text: from.flag };
  const text = setting.env === undefined ? undefined : from.env[setting.env];
  return text === undefined || text === '' ? undefined : { source: setting.env ?? '', text };
}

function shown(setting: Setting<unknown>, text: string): string {
  return setting.secret ? '' : `, not \`${text.slice(0, MAX_SHOWN)}\``;
}

const MAX_SHOWN = 80;

interface Line {
  /** Setting → its text on the command line. */
  readonly flags: Map<string, string>;
  readonly words: string[];
  readonly problems: string[];
}

function readLine(table: SettingTable, argv: readonly string[]): Line {
  const line: Line = { flags: new Map(), words: [], problems: [] };
  const byFlag = new Map(Object.entries(table).map(([name, { flag }]) => [flag, name]));
  const left = [...argv];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word === '--') line.words.push(...left.splice(0));
    else if (word.startsWith('--')) readFlag(line, word, { table, byFlag, left });
    else line.words.push(word);
  }
  return line;
}

interface FlagContext {
  readonly table: SettingTable;
  readonly byFlag: ReadonlyMap<string | undefined, string>;
  /** Words after the flag; its value is taken from there. */
  readonly left: string[];
}

function readFlag(line: Line, word: string, { table, byFlag, left }: FlagContext): void {
  const equals = word.indexOf('=');
  const flag = equals < 0 ? word : word.slice(0, equals);
  const name = byFlag.get(flag);
  const setting = name === undefined ? undefined : table[name];
  if (name === undefined || setting === undefined) {
    line.problems.push(`${flag} is no flag of this command`);
  } else if (equals >= 0) line.flags.set(name, word.slice(equals + 1));
  else if (setting.isSwitch) line.flags.set(name, 'true');
  else if (left[0] === undefined || left[0].startsWith('--')) {
    line.problems.push(`${flag} needs a value: ${setting.range}`);
  } else line.flags.set(name, left.shift() ?? '');
}

/** A misspelt variable would otherwise be ignored in silence. */
function strangers(table: SettingTable, env: Sources['env']): string[] {
  const known = new Set(Object.values(table).map((setting) => setting.env));
  return Object.keys(env)
    .filter((name) => name.startsWith('ARBITER_') && !known.has(name))
    .map((name) => `the variable ${name} is not known here`);
}
