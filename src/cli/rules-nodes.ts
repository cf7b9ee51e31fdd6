import type { NodeEdit, SwitchTo } from '../../ops/rules/commands.ts';
import { ANYTHING } from '../../ops/rules/node-tag.ts';
import { optionalText } from '../config/setting.ts';
import { commandSettings } from './command-settings.ts';
import type { Run, Write } from './commands.ts';
import { tellActivation } from './rules-apply.ts';
import { CHANGING, tellRefusal, withDesk } from './rules-deployment.ts';
import { tellChanges, wordsBetween } from './rules-report.ts';
import { isNumber } from './rules-source.ts';

const TABLE = {
  ...CHANGING,
  id: optionalText({ flag: '--id', about: 'Of a clone: its id; without it one is made up.' }),
  to: optionalText({ flag: '--to', about: 'The group it goes to, such as `group seasonal`.' }),
  after: optionalText({ flag: '--after', about: 'The node it goes behind; without it, first.' }),
};
/** Nodes that one command names. */
const NODES_MAX = 1_000;

/** `arbiter rules clone NODE`: a deep copy as a draft. */
export const rulesClone: Run = (argv, write) =>
  edit(argv, write, {
    usage: 'arbiter rules clone NODE [--id ID] [--to GROUP]',
    order: ([node = ''], { id, to }) => ({ command: 'clone', node, id, to }),
  });

/** `arbiter rules move NODE --to GROUP`: it stands somewhere else, with all in it. */
export const rulesMove: Run = (argv, write) =>
  edit(argv, write, {
    usage: 'arbiter rules move NODE --to GROUP [--after NODE]',
    order: ([node = ''], { to = 'group main', after }) => ({ command: 'move', node, to, after }),
  });

/** `arbiter rules delete NODE`: out of the working copy; what ran keeps its id taken. */
export const rulesDelete: Run = (argv, write) =>
  edit(argv, write, {
    usage: 'arbiter rules delete NODE',
    order: ([node = '']) => ({ command: 'delete', node, match: ANYTHING }),
  });

/** `arbiter rules activate|deactivate|end|archive NODE…`: all of them or none. */
export const rulesSwitch =
  (state: SwitchTo, name: string): Run =>
  (argv, write) =>
    edit(argv, write, {
      usage: `arbiter rules ${name} NODE…   (such as "group seasonal")`,
      most: NODES_MAX,
      order: (nodes) => ({ command: 'switch', nodes, state }),
    });

interface Editing {
  readonly usage: string;
  readonly most?: number;
  readonly order: (
    words: readonly string[],
    options: { readonly id?: string; readonly to?: string; readonly after?: string },
  ) => NodeEdit;
}

async function edit(
  argv: readonly string[],
  write: Write,
  { usage, most = 1, order }: Editing,
): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;
  const { settings, words } = ready;
  if (!wordsBetween(words, [1, most], usage)) return 2;
  const { id, to, after, author, note } = settings;
  const options = {
    ...(id === undefined ? {} : { id }),
    ...(to === undefined ? {} : { to }),
    ...(after === undefined ? {} : { after }),
  };
  const by = { author: { name: author }, note };
  return withDesk(settings, async ({ perform }) => {
    const result = await perform({ ...order(words, options), ...by });
    if (!result.ok) return tellRefusal(result, write);
    tellChanges(result.changes ?? [], write);
    return 0;
  });
}

/** `arbiter rules approve VERSION`: a second person's word, where the programme wants one. */
export async function rulesApprove(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(CHANGING, argv, write);
  if (!ready.ok) return ready.exitCode;
  const { settings, words } = ready;
  const [version = ''] = words;
  const usage = 'arbiter rules approve VERSION --author NAME';
  if (!wordsBetween(isNumber(version) ? words : [], [1, 1], usage)) return 2;
  const by = { author: { name: settings.author }, note: settings.note };
  return withDesk(settings, async ({ perform }) =>
    tellActivation(await perform({ command: 'approve', version: Number(version), ...by }), write),
  );
}
