import { beyondNames, beyondReach, beyondWhole } from './campaign-reach.ts';
import type { Change } from './changes.ts';
import type { NodeEdit, RuleCommand } from './commands.ts';
import { merge } from './merge.ts';
import { nodeChanges } from './node-changes.ts';
import { ABSENT } from './node-tag.ts';
import { documentOf, type Outline } from './outline.ts';
import type { Performed } from './performed.ts';
import type { RulePorts } from './ports.ts';
import { type Refusal, refused } from './refusal.ts';
import { stateOf } from './switch-nodes.ts';
import type { Touch, WorkingCopy } from './version.ts';
import { ATTEMPTS_MAX, openWorkingCopy, withEdit } from './working-copy.ts';

type Command = RuleCommand & NodeEdit;

/**
 * Edits nodes of the working copy. Only what the edit names is compared with what is there, so
 * whoever works elsewhere neither waits nor is overwritten.
 */
export async function editNodes(ports: RulePorts, command: Command): Promise<Performed> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const opened = await openWorkingCopy(ports);
    if (!opened.ok) return opened;
    const { now, held } = opened;
    const hidden = notTheirs(command, now);
    if (hidden) return hidden;
    const wanted = nodeChanges(now, command, new Set(Object.keys(held.value.bin ?? {})));
    if (!wanted.ok) return withWho(wanted, held.value);
    const { changes } = wanted;
    if (changes.length === 0) return refused('nothing-changed', 'that is how it is already');
    const merged = merge(now, changes);
    if (!merged.ok) {
      const problems = merged.conflicts.map(({ message }) => message);
      return refused('cannot-be-placed', 'it cannot stand there; nothing was changed', problems);
    }
    const foreign = beyondReach(command.reach, changes, { before: now, after: merged.outline });
    if (foreign) return foreign;
    const touch: Touch = { author: command.author.name, at: new Date(ports.now()).toISOString() };
    const touched = Object.fromEntries(changes.map(({ node }) => [node.name, touch]));
    const copy: WorkingCopy = {
      ...withEdit(held.value, command, { at: touch.at, changes }),
      base: opened.base.version,
      document: documentOf(merged.outline),
      touched: { ...held.value.touched, ...touched },
      bin: { ...held.value.bin, ...binned(changes, touch) },
    };
    if (await ports.books.keepWorkingCopy(copy, held.revision)) return { ok: true, changes };
  }
  return refused('changed-meanwhile', 'the working copy changes all the time: try again');
}

/** What somebody may not see, or not change, is refused before it is looked at. */
function notTheirs(command: Command, now: Outline): Refusal | undefined {
  if (command.command === 'replace') return beyondWhole(command.reach);
  // A new node is judged by what it would be; a copy by where it would run.
  if (command.command === 'put' && command.match === ABSENT) return undefined;
  const names = command.command === 'switch' ? command.nodes : [command.node];
  return beyondNames(command.reach, names, [now]);
}

/** Who made a node what the author did not expect. */
function withWho(refusal: Refusal, { touched }: WorkingCopy): Refusal {
  const nodes = refusal.nodes?.map((one) => {
    const touch = touched[one.node];
    return touch ? { ...one, changedBy: touch.author, changedAt: touch.at } : one;
  });
  return nodes ? { ...refusal, nodes } : refusal;
}

/** What ran once may be named by the ledger and by counters: nothing else takes its name. */
function binned(changes: readonly Change[], touch: Touch): Readonly<Record<string, Touch>> {
  const gone = changes.filter(
    ({ change, node }) =>
      change === 'removed' && node.kind === 'promotion' && stateOf(node) !== 'draft',
  );
  return Object.fromEntries(gone.map(({ node }) => [node.name, touch]));
}
