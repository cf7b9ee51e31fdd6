import { activate } from './activation.ts';
import { beyondNames, beyondReach, isTheirs, notAlone } from './campaign-reach.ts';
import { type Change, changesBetween } from './changes.ts';
import type { RuleCommand } from './commands.ts';
import { merge } from './merge.ts';
import { documentOf, type Outline } from './outline.ts';
import type { Performed } from './performed.ts';
import type { RulePorts } from './ports.ts';
import { publishDocument } from './publish.ts';
import { type Refusal, refused } from './refusal.ts';
import type { RuleSetVersion } from './version.ts';
import { conflicting, type Opened, openWorkingCopy, within } from './working-copy.ts';

/** Times that somebody else may be quicker before it is given up. */
const ATTEMPTS_MAX = 10;

type Apply = Extract<RuleCommand, { command: 'apply' }>;
type Open = Extract<Opened, { readonly ok: true }>;

/**
 * The working copy becomes the next version, on top of what became current meanwhile: as a whole,
 * or what is in some nodes. Of somebody who is responsible for some stores only what lies wholly
 * within those; everything else stays as it is, and pending.
 */
export async function applyWorkingCopy(ports: RulePorts, command: Apply): Promise<Performed> {
  for (let attempt = 1; ; attempt += 1) {
    const opened = await openWorkingCopy(ports);
    if (!opened.ok) return opened;
    const result = await applyOpened(ports, command, opened);
    if (result.ok || result.code !== 'changed-meanwhile' || attempt === ATTEMPTS_MAX) return result;
    // Two who apply different parts do not stand in each other's way: the second is merged again.
    const last = await ports.books.lastAct();
    if (last?.number === opened.current.act) return result;
  }
}

async function applyOpened(ports: RulePorts, command: Apply, opened: Open): Promise<Performed> {
  const selected = selection(command, opened);
  if (!selected.ok) return selected;
  const { changes, outline } = selected;
  const { held, current } = opened;
  const { author, note, approves, request } = command;
  // Who only applies is no author: applying another person's edits is how they are approved.
  const touches = changes.flatMap(({ node }) => held.value.touched[node.name] ?? []);
  const editors = [...new Set(touches.map((touch) => touch.author))];
  const [first = author.name] = editors;
  const published = await publishDocument(ports, {
    author: { name: first },
    note,
    document: documentOf(outline),
    parent: current.version.version,
    authors: editors.length > 0 ? editors : [author.name],
  });
  if (!published.ok) return published;
  const { version } = published;
  const by = { author, note, approves, request };
  const wanted = { act: 'apply', version, anyBase: true, on: current.act, ...by } as const;
  const activated = await activate(ports, wanted);
  if (!activated.ok) return activated;
  await settle(ports, opened, { version, changes });
  return { ...activated, version, changes };
}

type Selected =
  | { readonly ok: true; readonly changes: readonly Change[]; readonly outline: Outline }
  | Refusal;

/** What is to be applied of what is pending, and the document it makes of what is current. */
function selection({ only, reach }: Apply, opened: Open): Selected {
  const { before, now, held, current } = opened;
  const outlines = [current.outline, before, now];
  const foreign = only && beyondNames(reach, only, outlines);
  if (foreign) return { ...foreign, path: '/only' };
  const pending = changesBetween(before, now, { edited: held.value.touched });
  const asked = pending.filter(within(only, [before, now]));
  const changes = asked.filter(({ node }) => isTheirs(reach, node.name, outlines));
  if (changes.length === 0) {
    const wider = notAlone(reach, asked, outlines);
    return wider ?? refused('nothing-changed', 'the working copy changes nothing');
  }
  const homeless = withoutGroup(reach, changes, current.outline);
  if (homeless) return homeless;
  const merged = merge(current.outline, changes);
  if (!merged.ok) return conflicting(merged.conflicts, held.value);
  const { outline } = merged;
  // Whatever was chosen above: what comes out is what is judged.
  const made = changesBetween(current.outline, outline, { edited: named(changes) });
  const beyond = beyondReach(reach, made, { before: current.outline, after: outline });
  return beyond ?? { ok: true, changes, outline };
}

/** What stands in a group that is not applied with it cannot be applied by itself. */
function withoutGroup(
  reach: Apply['reach'],
  changes: readonly Change[],
  current: Outline,
): Refusal | undefined {
  const made = new Set(changes.filter(({ change }) => change === 'added').map(nameOf));
  for (const { change, node } of changes) {
    if (change !== 'added' && change !== 'moved') continue;
    const { name, parent } = node;
    const isThere = !parent.startsWith('group ') || current.nodes.has(parent) || made.has(parent);
    if (isThere) continue;
    const code = reach === undefined || reach === 'all' ? 'cannot-be-placed' : 'not-yours';
    const message = `${name} stands in ${parent}, which is new and is not applied with it`;
    return { ...refused(code, message), nodes: [{ node: name, field: 'group' }] };
  }
  return undefined;
}

const nameOf = ({ node }: Change) => node.name;
const named = (changes: readonly Change[]) =>
  Object.fromEntries(changes.map(({ node }) => [node.name, true]));

/** What was applied is no longer pending. */
async function settle(
  { books }: RulePorts,
  { held, conflict }: Open,
  applied: { readonly version: RuleSetVersion; readonly changes: readonly Change[] },
): Promise<void> {
  // What contradicts what is current stays where it was begun; what was applied changes nothing
  // when it is merged once more.
  if (conflict) return;
  const names = new Set(applied.changes.map(({ node }) => node.name));
  const left = Object.entries(held.value.touched).filter(([name]) => !names.has(name));
  const copy = { ...held.value, base: applied.version.version, touched: Object.fromEntries(left) };
  // Where edits came meanwhile they are compared with the new version when it is opened next.
  await books.keepWorkingCopy(copy, held.revision);
}
