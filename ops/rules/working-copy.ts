import { beyondNames, beyondWhole } from './campaign-reach.ts';
import { type Change, changesBetween } from './changes.ts';
import type { RequestKey, RuleCommand } from './commands.ts';
import { type Conflict, merge } from './merge.ts';
import { documentOf, type Outline, outlineOf, sameContent } from './outline.ts';
import type { Performed } from './performed.ts';
import type { Held, RulePorts } from './ports.ts';
import { unknownVersion } from './publish.ts';
import { type Refusal, refused } from './refusal.ts';
import type { RuleSetVersion, Touch, WorkingCopy } from './version.ts';

/**
 * The working copy is one value that is replaced only when nobody else did so meanwhile; then the
 * edit is made again on what is there now. So nobody waits for anybody, and only who touches the
 * same node hears of it.
 */
export const ATTEMPTS_MAX = 100;

/** What decides now. */
export interface Current {
  readonly ok: true;
  readonly version: RuleSetVersion;
  /** The act that made it so. */
  readonly act: number;
  readonly document: unknown;
  readonly outline: Outline;
}

type Of<Name extends RuleCommand['command']> = Extract<RuleCommand, { command: Name }>;
export type Opened =
  | {
      readonly ok: true;
      readonly held: Held<WorkingCopy>;
      /** What it is compared with: what is current, unless the two contradict each other. */
      readonly base: RuleSetVersion;
      readonly before: Outline;
      readonly now: Outline;
      readonly current: Current;
      /** Nodes that were edited here and changed elsewhere as well, until somebody decides. */
      readonly conflict?: Refusal;
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
    if (opened.conflict) return opened.conflict;
    const base = await outlineOfVersion(ports, command.base ?? opened.base.version);
    if (!base.ok) return base;
    const changes = changesBetween(base.outline, wanted.outline);
    if (changes.length === 0) return refused('nothing-changed', 'the document changes nothing');
    const merged = merge(opened.now, changes);
    if (!merged.ok) return conflicting(merged.conflicts, opened.held.value);
    const touch: Touch = { author: author.name, at: new Date(ports.now()).toISOString() };
    const touched = Object.fromEntries(changes.map(({ node }) => [node.name, touch]));
    const copy = {
      ...withEdit(opened.held.value, command, { at: touch.at, changes }),
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
  command: Of<'revert'>,
): Promise<Performed> {
  const { only, reach } = command;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const merging = await openWorkingCopy(ports);
    const isMerged = merging.ok && !merging.conflict;
    const opened = only || isMerged ? merging : await reset(ports);
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
      ...withEdit(held.value, command, { at: new Date(ports.now()).toISOString(), changes: back }),
      base: opened.base.version,
      document: only ? documentOf(merged.outline) : opened.current.document,
      touched: only ? Object.fromEntries(left) : {},
    };
    const kept = await ports.books.keepWorkingCopy(copy, held.revision);
    if (kept) return { ok: true, changes: back };
  }
  return refused('changed-meanwhile', 'the working copy changes all the time: try again');
}

/** The working copy as it is, to be dropped as a whole: whether it can be merged is no matter. */
async function reset(ports: RulePorts): Promise<Opened> {
  const current = await whatIsCurrent(ports);
  if (!current.ok) return current;
  const held = (await ports.books.workingCopy()) ?? untouched(current);
  const now = outlineOf(held.value.document);
  if (!now.ok) return refused('not-a-document', now.message);
  const { version: base, outline: before } = current;
  return { ok: true, held, base, before, now: now.outline, current };
}

/** Changes of some nodes and of all that is in them, before or after. */
export function within(
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

/**
 * Opens the working copy on top of what is current now: what others applied meanwhile is merged
 * with what was edited here. Where both touched a node it stays on what it was begun from, with
 * that node named, so that everybody else goes on working.
 */
export async function openWorkingCopy(ports: RulePorts): Promise<Opened> {
  const current = await whatIsCurrent(ports);
  if (!current.ok) return current;
  const { version: base, outline: before } = current;
  const held = await ports.books.workingCopy();
  if (!held) return { ok: true, held: untouched(current), base, before, now: before, current };
  const edited = outlineOf(held.value.document);
  if (!edited.ok) return refused('not-a-document', edited.message);
  const now = edited.outline;
  if (held.value.base === base.version) return { ok: true, held, base, before, now, current };
  return rebased(ports, { held, now, current });
}

async function rebased(
  ports: RulePorts,
  given: {
    readonly held: Held<WorkingCopy>;
    readonly now: Outline;
    readonly current: Current;
  },
): Promise<Opened> {
  const { held, now, current } = given;
  const begun = await outlineOfVersion(ports, held.value.base);
  if (!begun.ok) return begun;
  const merged = merge(current.outline, changesBetween(begun.outline, now));
  if (!merged.ok) {
    const conflict = conflicting(merged.conflicts, held.value);
    return { ok: true, held, base: begun.version, before: begun.outline, now, current, conflict };
  }
  const document = documentOf(merged.outline);
  const touched = sameContent(document, current.document) ? {} : held.value.touched;
  const { version: base, outline: before } = current;
  const value = { ...held.value, base: base.version, document, touched };
  return { ok: true, held: { ...held, value }, base, before, now: merged.outline, current };
}

async function whatIsCurrent({ books }: RulePorts): Promise<Current | Refusal> {
  const last = await books.lastAct();
  const version = last && (await books.version(last.version));
  if (!version) return refused('nothing-active', 'no version is current yet: apply a file first');
  const document = await books.documentOf(version);
  const taken = outlineOf(document);
  if (!taken.ok) return refused('not-a-document', taken.message);
  return { ok: true, version, act: last.number, document, outline: taken.outline };
}

/** The working copy of somebody who has changed nothing. */
function untouched({ version, document }: Current): Held<WorkingCopy> {
  return { value: { base: version.version, document, touched: {} }, revision: 0 };
}

async function outlineOfVersion({ books }: RulePorts, number: number) {
  const version = await books.version(number);
  if (!version) return unknownVersion(number);
  const taken = outlineOf(await books.documentOf(version));
  if (!taken.ok) return refused('not-a-document', taken.message);
  return { ok: true, version, outline: taken.outline } as const;
}

/** Requests that the working copy remembers to have taken. */
const REQUESTS_MAX = 64;

/** Edits that the working copy remembers: more than are made between two looks of the auditor. */
export const EDITS_MAX = 100;
/** Nodes and letters of a note that one edit names. */
const NODES_MAX = 10;
const NOTE_MAX = 200;

/** The working copy with word of what is done to it. */
export function withEdit(
  copy: WorkingCopy,
  { command, author, note, request }: RuleCommand,
  done: { readonly at: string; readonly changes: readonly Change[] },
): WorkingCopy {
  const { edits = [] } = copy;
  const { at, changes } = done;
  const names = [...new Set(changes.map(({ node }) => node.name))];
  const edit = {
    number: (edits.at(-1)?.number ?? 0) + 1,
    edit: command,
    author: author.name,
    note: note.slice(0, NOTE_MAX),
    at,
    nodes: names.slice(0, NODES_MAX),
    changes: changes.length,
  };
  return { ...withRequest(copy, request), edits: [...edits, edit].slice(-EDITS_MAX) };
}

/** Whoever repeats a request finds that it was carried out: this is kept with what it did. */
function withRequest(copy: WorkingCopy, request: RequestKey | undefined): WorkingCopy {
  if (request === undefined) return copy;
  const requests = [...(copy.requests ?? []), request.key].slice(-REQUESTS_MAX);
  return { ...copy, requests };
}

export function conflicting(conflicts: readonly Conflict[], copy: WorkingCopy): Refusal {
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
