import type { Reach } from '../../ops/access/roles.ts';
import type { RuleCommand } from '../../ops/rules/commands.ts';
import type { Performed } from '../../ops/rules/performed.ts';
import { optionalText } from '../config/setting.ts';
import { dataLayout } from '../embedded/data-directory.ts';
import { withAccess } from './access-command.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';
import { readDocument } from './documents.ts';
import { CHANGING, type Desk, tellRefusal, withDesk } from './rules-deployment.ts';
import { baseNamed, tellChanges, wordsBetween } from './rules-report.ts';
import { isNumber } from './rules-source.ts';
import { tellWarnings } from './rules-warnings.ts';

const TABLE = {
  ...CHANGING,
  area: optionalText({
    flag: '--area',
    about: 'Of the working copy, only what lies wholly within the stores of this area.',
  }),
  only: optionalText({
    flag: '--only',
    about: 'Of the working copy, only this node with all in it, such as `group seasonal`.',
  }),
  base: optionalText({
    flag: '--base',
    about: 'The version that a file was made from; without it, whatever is current is replaced.',
  }),
};

/**
 * `arbiter rules apply [FILE|VERSION]`: a file, a version or the working copy becomes current in
 * every partition of a deployment.
 */
export async function rulesApply(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;
  const { settings, words } = ready;
  if (!wordsBetween(words, [0, 1], 'arbiter rules apply [FILE|VERSION]')) return 2;
  const [what] = words;
  const reach: Reach | undefined =
    settings.area === undefined ? 'all' : await storesOf(settings.data, settings.area);
  if (reach === undefined) {
    write(`there is no area ${settings.area}: \`areas list\` shows them\n`);
    return 2;
  }
  const by = { author: { name: settings.author }, note: settings.note, reach };
  const only = settings.only === undefined ? undefined : [settings.only];
  const base = baseNamed(settings.base);
  const document = what === undefined || isNumber(what) ? undefined : await readDocument(what);
  return withDesk(settings, async (desk) => {
    const result =
      document === undefined
        ? await desk.perform({ command: 'apply', ...by, ...numbered(what), only })
        : await applyFile(desk, { document, base, ...by });
    const version = result.ok ? result.version : undefined;
    const applied = document ?? (version && (await desk.ports.books.documentOf(version)));
    if (result.ok && applied !== undefined) tellWarnings(applied);
    return tellActivation(result, write);
  });
}

/** The stores that an area has now. */
function storesOf(data: string, area: string): Promise<readonly string[] | undefined> {
  const { access } = dataLayout(data);
  return withAccess(access, ({ store }) => store.areas().find(({ name }) => name === area)?.stores);
}

const numbered = (word: string | undefined) =>
  word === undefined ? {} : { version: Number(word) };

/** Without a base the file is what is meant to be current, whatever was before: it follows that. */
async function applyFile(
  desk: Desk,
  given: Pick<RuleCommand, 'author' | 'note' | 'reach'> & {
    readonly document: unknown;
    readonly base: number | undefined;
  },
): Promise<Performed> {
  const { author, note, base } = given;
  const published = await desk.perform({ command: 'publish', ...given });
  if (!published.ok || !published.version) return published;
  const version = published.version.version;
  const isKnown = (await desk.ports.books.lastAct()) !== undefined && base === undefined;
  return desk.perform({ command: 'apply', version, author, note, replaces: isKnown });
}

/** Prints what became current, or why nothing did. */
export function tellActivation(result: Performed, write: Write): number {
  if (!result.ok) return tellRefusal(result, write);
  tellChanges(result.changes ?? [], write);
  const { version, act } = result;
  if (act) write(`version ${act.version} (${act.hash}) becomes current in all partitions\n`);
  else if (version) write(`version ${version.version} (${version.hash})\n`);
  return 0;
}
