import { activate } from './activation.ts';
import { beyondNames, beyondWhole } from './campaign-reach.ts';
import { type Change, changesBetween } from './changes.ts';
import type { RequestKey, RuleCommand } from './commands.ts';
import { type Conflict, merge } from './merge.ts';
import { documentOf, type Outline, outlineOf, sameContent } from './outline.ts';
import type { Performed } from './performed.ts';
import type { Held, RulePorts } from './ports.ts';
import { publishDocument, unknownVersion } from './publish.ts';
import { type Refusal, refused } from './refusal.ts';
import type { RuleSetVersion, Touch, WorkingCopy } from './version.ts';

/**
 * The working copy is one value that is replaced only when nobody else did so meanwhile; then the
 * edit is made again on what is there now. So nobody waits for anybody, and only who touches the
 * same node hears of it.
 */
export const ATTEMPTS_MAX = 100;

type Of<Name extends RuleCommand['command']> = Extract<RuleCommand, { command: Name }>;
type Opened =
  | {
      readonly ok: true;
      readonly held: Held<WorkingCopy>;
      readonly base: RuleSetVersion;
      readonly before: Outline;
      readonly now: Outline;
      /** What is current. */
      readonly document: unknown;
    }
  | Refusal;

/** What the working copy changes, compared with the version that is current. */
export async function workingCopyChanges(
  ports: RulePorts,
): Promise<
  { readonly ok: true; readonly copy: WorkingCopy; readonly changes: readonly Change[] } | Refusal
> {
  const opened = await openWorkingCopy(ports);
  if (!opened.ok) return opened;
  const { held, before, now } = opened;
  return { ok: true, copy: held.value, changes: changesBetween(before, now) };
}

/** What the working copy says, on top of what is current. */
export async function workingCopyDocument(
  ports: RulePorts,
): Promise<
  { readonly ok: true; readonly document: unknown; readonly version: RuleSetVersion } | Refusal
> {
  const opened = await openWorkingCopy(ports);
  if (!opened.ok) return opened;
  return { ok: true, document: documentOf(opened.now), version: opened.base };
}

export async function editWorkingCopy(ports: RulePorts, command: Of<'edit'>): Promise<Performed> {
  const { author } = command;
  const wanted = outlineOf(command.document);
  if (!wanted.ok) return refused('not-a-document', wanted.message);
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const opened = await openWorkingCopy(ports);
    if (!opened.ok) return opened;
    const base = await outlineOfVersion(ports, command.base ?? opened.base.version);
    if (!base.ok) return base;
    const changes = changesBetween(base.outline, wanted.outline);
    if (changes.length === 0) return refused('nothing-changed', 'the document changes nothing');
    const merged = merge(opened.now, changes);
    if (!merged.ok) return conflicting(merged.conflicts, opened.held.value);
    const touch: Touch = { author: author.name, at: new Date(ports.now()).toISOString() };
    const touched = Object.fromEntries(changes.map(({ node }) => [node.name, touch]));
    const copy = {
      ...withRequest(opened.held.value, command.request),
      base: opened.base.version,
      document: documentOf(merged.outline),
      touched: { ...opened.held.value.touched, ...touched },
    };
    const kept = await ports.books.keepWorkingCopy(copy, opened.held.revision);
    if (kept) return { ok: true, changes };
  }
  return refused('changed-meanwhile', 'the working copy changes all the time: try again');
}

export async function revertWorkingCopy(
  ports: RulePorts,
  { only, request, reach }: Of<'revert'>,
): Promise<Performed> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const merging = await openWorkingCopy(ports);
    const opened = only || merging.ok ? merging : await reset(ports);
    if (!opened.ok) return opened;
    const { held, before, now } = opened;
    const foreign = only ? beyondNames(reach, only, [before, now]) : beyondWhole(reach);
    if (foreign) return foreign;
    const back = changesBetween(now, before).filter(within(only, [now, before]));
    if (back.length === 0) return refused('nothing-changed', 'there is nothing to set back');
    const merged = merge(now, back);
    if (!merged.ok) return conflicting(merged.conflicts, held.value);
    const names = new Set(back.map(({ node }) => node.name));
    const left = Object.entries(held.value.touched).filter(([name]) => !names.has(name));
    const copy = {
      ...withRequest(held.value, request),
      base: opened.base.version,
      document: only ? documentOf(merged.outline) : opened.document,
      touched: only ? Object.fromEntries(left) : {},
    };
    const kept = await ports.books.keepWorkingCopy(copy, held.revision);
    if (kept) return { ok: true, changes: back };
  }
  return refused('changed-meanwhile', 'the working copy changes all the time: try again');
}

/** The working copy as it is, to be dropped as a whole: whether it can be merged is no matter. */
async function reset(ports: RulePorts): Promise<Opened> {
  const current = await fresh(ports);
  if (!current.ok) return current;
  const held = await ports.books.workingCopy();
  const before = outlineOf(current.copy.document);
  const now = outlineOf(held?.value.document ?? current.copy.document);
  if (!before.ok) return refused('not-a-document', before.message);
  if (!now.ok) return refused('not-a-document', now.message);
  const given = held ?? { value: current.copy, revision: 0 };
  const outlines = { before: before.outline, now: now.outline };
  return {
    ok: true,
    held: given,
    base: current.base,
    document: current.copy.document,
    ...outlines,
  };
}

/** Changes of some nodes and of all that is in them, before or after. */
function within(
  only: readonly string[] | undefined,
  outlines: readonly Outline[],
): (change: Change) => boolean {
  if (only === undefined) return () => true;
  return ({ node }) =>
    outlines.some(({ nodes }) => {
      for (let at: string | undefined = node.name; at; at = nodes.get(at)?.parent) {
        if (only.includes(at)) return true;
      }
      return false;
    });
}

/** The working copy becomes the next version, on top of what became current meanwhile. */
export async function applyWorkingCopy(
  ports: RulePorts,
  { author, note, only, approves, request }: Of<'apply'>,
): Promise<Performed> {
  const opened = await openWorkingCopy(ports);
  if (!opened.ok) return opened;
  const { held, before, now, base } = opened;
  const changes = changesBetween(before, now).filter(within(only, [before, now]));
  if (changes.length === 0) return refused('nothing-changed', 'the working copy changes nothing');
  const merged = merge(before, changes);
  if (!merged.ok) return conflicting(merged.conflicts, held.value);
  // Who only applies is no author: applying another person's edits is how they are approved.
  const touches = changes.flatMap(({ node }) => held.value.touched[node.name] ?? []);
  const editors = [...new Set(touches.map((touch) => touch.author))];
  const [first = author.name] = editors;
  const published = await publishDocument(ports, {
    author: { name: first },
    note,
    document: documentOf(merged.outline),
    parent: base.version,
    authors: editors.length > 0 ? editors : [author.name],
  });
  if (!published.ok) return published;
  const { version } = published;
  const wanted = { act: 'apply', version, author, note, anyBase: true, approves, request } as const;
  const activated = await activate(ports, wanted);
  if (!activated.ok) return activated;
  const applied = new Set(changes.map(({ node }) => node.name));
  const left = Object.entries(held.value.touched).filter(([name]) => !applied.has(name));
  const touched = Object.fromEntries(left);
  const { document } = held.value;
  const copy = { ...held.value, base: version.version, document, touched };
  // Where edits came meanwhile they are compared with the new version when it is opened next.
  await ports.books.keepWorkingCopy(copy, held.revision);
  return { ...activated, version, changes };
}

/**
 * Opens the working copy on top of what is current now: what others applied meanwhile is merged
 * with what was edited here, or the node that both touched is named.
 */
export async function openWorkingCopy(ports: RulePorts): Promise<Opened> {
  const current = await fresh(ports);
  if (!current.ok) return current;
  const { base } = current;
  const { document: present } = current.copy;
  const before = outlineOf(present);
  if (!before.ok) return refused('not-a-document', before.message);
  const common = { ok: true, base, before: before.outline, document: present } as const;
  const held = await ports.books.workingCopy();
  if (!held) {
    const started = { value: current.copy, revision: 0 };
    return { ...common, held: started, now: before.outline };
  }
  const edited = outlineOf(held.value.document);
  if (!edited.ok) return refused('not-a-document', edited.message);
  if (held.value.base === base.version) {
    return { ...common, held, now: edited.outline };
  }
  const begun = await outlineOfVersion(ports, held.value.base);
  if (!begun.ok) return begun;
  const merged = merge(before.outline, changesBetween(begun.outline, edited.outline));
  if (!merged.ok) return conflicting(merged.conflicts, held.value);
  const document = documentOf(merged.outline);
  const touched = sameContent(document, current.copy.document) ? {} : held.value.touched;
  const value = { ...held.value, base: base.version, document, touched };
  return { ...common, held: { ...held, value }, now: merged.outline };
}

/** The working copy of somebody who has changed nothing. */
async function fresh({
  books,
}: RulePorts): Promise<
  { readonly ok: true; readonly copy: WorkingCopy; readonly base: RuleSetVersion } | Refusal
> {
  const last = await books.lastAct();
  const base = last && (await books.version(last.version));
  if (!base) return refused('nothing-active', 'no version is current yet: apply a file first');
  const document = await books.documentOf(base);
  return { ok: true, copy: { base: base.version, document, touched: {} }, base };
}

async function outlineOfVersion({ books }: RulePorts, number: number) {
  const version = await books.version(number);
  if (!version) return unknownVersion(number);
  const taken = outlineOf(await books.documentOf(version));
  return taken.ok ? taken : refused('not-a-document', taken.message);
}

/** Requests that the working copy remembers to have taken. */
const REQUESTS_MAX = 64;

/** Whoever repeats a request finds that it was carried out: this is kept with what it did. */
export function withRequest(copy: WorkingCopy, request: RequestKey | undefined): WorkingCopy {
  if (request === undefined) return copy;
  const requests = [...(copy.requests ?? []), request.key].slice(-REQUESTS_MAX);
  return { ...copy, requests };
}

function conflicting(conflicts: readonly Conflict[], copy: WorkingCopy): Refusal {
  const message = 'what was edited here was also changed elsewhere; nothing was changed';
  const problems = conflicts.map(({ node, message: why }) => {
    const touch = copy.touched[node];
    return touch ? `${why} (${touch.author}, ${touch.at})` : why;
  });
  const nodes = conflicts.map(({ node }) => {
    const touch = copy.touched[node];
    return touch ? { node, changedBy: touch.author, changedAt: touch.at } : { node };
  });
  return { ...refused('changed-meanwhile', message, problems), nodes };
}
