import { type Content, isContent } from '../../ops/rules/outline.ts';
import { choice, optionalText } from '../config/setting.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';
import { readDocument, UnreadableInput } from './documents.ts';
import { tellActivation } from './rules-apply.ts';
import { CHANGING, withDesk } from './rules-deployment.ts';
import { wordsBetween } from './rules-report.ts';

const TABLE = {
  ...CHANGING,
  parent: optionalText({ flag: '--parent', about: 'Of a new region, the place it lies in.' }),
  campaigns: optionalText({
    flag: '--campaigns',
    about: 'The promotions that run there, separated by commas.',
  }),
  with: optionalText({
    flag: '--with',
    about: 'A file with `stores` of the region and `parameters` that differ there, by promotion.',
  }),
  others: choice({
    flag: '--others',
    of: ['off', 'leave'],
    fallback: 'off',
    about: 'Promotions that are not named: they do not run there, or stay as they are.',
  }),
};

/** `arbiter regions launch REGION`: a region with its campaigns is live in one step. */
export async function regionsLaunch(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;
  const { settings, words } = ready;
  const usage = 'arbiter regions launch REGION [--parent PLACE] --campaigns A,B [--with FILE]';
  if (!wordsBetween(words, [1, 1], usage)) return 2;
  const { parent, others } = settings;
  const more = settings.with === undefined ? {} : await readDocument(settings.with);
  const [id = ''] = words;
  const region = parent === undefined ? { id } : { id, parent };
  const campaigns = (settings.campaigns ?? '').split(',').filter((name) => name !== '');
  const by = { author: { name: settings.author }, note: settings.note };
  const detail = detailsIn(more);
  return withDesk(settings, async ({ perform }) =>
    tellActivation(
      await perform({ command: 'launch', region, campaigns, others, ...detail, ...by }),
      write,
    ),
  );
}

function detailsIn(document: unknown): {
  readonly stores: readonly Content[];
  readonly parameters: Readonly<Record<string, Content>>;
} {
  const { stores = [], parameters = {} } = isContent(document) ? document : {};
  if (!Array.isArray(stores) || !stores.every(isContent)) {
    throw new UnreadableInput('`stores` has to be a list of places');
  }
  const given = Object.entries(isContent(parameters) ? parameters : {});
  const wrong = given.find(([, value]) => !isContent(value));
  if (wrong) throw new UnreadableInput(`the parameters of \`${wrong[0]}\` are no object`);
  const pairs = given.flatMap(([name, value]) =>
    isContent(value) ? [[name, value] as const] : [],
  );
  return { stores, parameters: Object.fromEntries(pairs) };
}
