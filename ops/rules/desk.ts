import { type Activated, activate } from './activation.ts';
import { applyWorkingCopy } from './apply-working-copy.ts';
import { approve } from './approval.ts';
import { beyondNames, beyondWhole } from './campaign-reach.ts';
import { changesBetween } from './changes.ts';
import type { RuleCommand } from './commands.ts';
import { doneBefore } from './done-before.ts';
import { editNodes } from './edit-nodes.ts';
import { launched } from './launch.ts';
import { documentOf, type Outline, outlineOf } from './outline.ts';
import type { Performed } from './performed.ts';
import type { RulePorts } from './ports.ts';
import { publishDocument, unknownVersion } from './publish.ts';
import { type Refusal, refused } from './refusal.ts';
import { keepSchedule, unschedule } from './schedule.ts';
import { editWorkingCopy, revertWorkingCopy } from './working-copy.ts';

export type Perform = (command: RuleCommand) => Promise<Performed>;

/** Acts that are looked through for a version that was current once. */
const ACTS_LOOKED_AT_MAX = 10_000;

/** Carries out every change of rule sets; see `commands.ts`. */
export function ruleDesk(ports: RulePorts): Perform {
  return async (command) => {
    const before = await doneBefore(ports, command.request);
    if (before) return before;
    const foreign = beyondCommand(command);
    if (foreign) return foreign;
    switch (command.command) {
      case 'edit':
        return editWorkingCopy(ports, command);
      case 'revert':
        return revertWorkingCopy(ports, command);
      case 'publish':
        return publish(ports, command);
      case 'apply':
        return command.version === undefined
          ? applyWorkingCopy(ports, command)
          : apply(ports, { ...command, version: command.version });
      case 'rollback':
        return rollBack(ports, command);
      case 'stop':
        return stop(ports, command);
      case 'launch':
        return launch(ports, command);
      case 'schedule':
        return keepSchedule(ports, command);
      case 'unschedule':
        return unschedule(ports, command);
      case 'approve':
        return approve(ports, command);
      default:
        return editNodes(ports, command);
    }
  };
}

/**
 * What somebody of some stores may order is looked at node by node where it is carried out; all
 * else is about the whole programme, and refused here.
 */
function beyondCommand(command: RuleCommand): Refusal | undefined {
  switch (command.command) {
    case 'put':
    case 'clone':
    case 'move':
    case 'switch':
    case 'delete':
    case 'revert':
    case 'stop':
      return undefined;
    case 'apply': {
      const foreign = command.version === undefined ? undefined : beyondWhole(command.reach);
      return foreign && { ...foreign, path: '/version' };
    }
    default:
      return beyondWhole(command.reach);
  }
}

type Of<Name extends RuleCommand['command']> = Extract<RuleCommand, { command: Name }>;
type By = Pick<RuleCommand, 'author' | 'note' | 'approves' | 'request'>;

async function publish(ports: RulePorts, command: Of<'publish'>): Promise<Performed> {
  const base = command.base ?? (await ports.books.lastAct())?.version;
  return publishDocument(ports, { ...command, parent: base, authors: [command.author.name] });
}

async function apply(
  ports: RulePorts,
  command: Of<'apply'> & { readonly version: number },
): Promise<Performed> {
  const { version: number, author, note, approves, request, replaces = false } = command;
  const version = await ports.books.version(number);
  if (!version) return unknownVersion(number);
  const by = { author, note, approves, request };
  const wanted = { act: 'apply', version, ...by, anyBase: replaces } as const;
  const activated = await activate(ports, wanted);
  return activated.ok ? { ...activated, version } : activated;
}

async function rollBack(ports: RulePorts, command: Of<'rollback'>): Promise<Performed> {
  const { author, note, request } = command;
  const last = await ports.books.lastAct();
  const number = command.version ?? last?.before;
  if (number === undefined) return refused('nothing-active', 'there is nothing to go back to');
  const version = await ports.books.version(number);
  if (!version) return unknownVersion(number);
  if (!(await wasCurrent(ports, number, last?.number ?? 0))) {
    const message = `version ${number} was never current: \`rules apply ${number}\` makes it so`;
    return refused('unknown-version', message);
  }
  const wanted = { act: 'rollback', version, author, note, request, anyBase: true } as const;
  const activated = await activate(ports, wanted);
  return activated.ok ? { ...activated, version } : activated;
}

async function wasCurrent({ books }: RulePorts, version: number, last: number): Promise<boolean> {
  const oldest = Math.max(0, last - ACTS_LOOKED_AT_MAX);
  for (let number = last; number > oldest; number -= 1) {
    if ((await books.act(number))?.version === version) return true;
  }
  return false;
}

async function stop(ports: RulePorts, command: Of<'stop'>): Promise<Performed> {
  const name = `promotion ${command.promotion}`;
  return derive(ports, { ...command, act: 'stop', urgent: true }, (outline) => {
    const foreign = beyondNames(command.reach, [name], [outline]);
    if (foreign) return { ...foreign, path: '/promotion' };
    const node = outline.nodes.get(name);
    if (!node) return refused('unknown-promotion', `no ${name} is in the current version`);
    const state = node.content['state'] ?? 'active';
    if (state !== 'active')
      return refused('nothing-changed', `${name} is ${String(state)} already`);
    const content = { ...node.content, state: 'inactive' };
    const nodes = new Map(outline.nodes).set(name, { ...node, content });
    return { ok: true, document: documentOf({ ...outline, nodes }) };
  });
}

async function launch(ports: RulePorts, command: Of<'launch'>): Promise<Performed> {
  return derive(ports, { ...command, act: 'launch' }, (outline) => launched(outline, command));
}

type Derived = By & { readonly act: 'stop' | 'launch'; readonly urgent?: boolean };
type Make = (outline: Outline) => { readonly ok: true; readonly document: unknown } | Refusal;

/** Times that somebody else may be quicker before it is given up. */
const ATTEMPTS_MAX = 10;

/** Makes the current version into the next one, whoever else does so meanwhile. */
async function derive(ports: RulePorts, given: Derived, make: Make): Promise<Performed> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await deriveOnce(ports, given, make);
    const isOvertaken = !result.ok && result.code === 'changed-meanwhile';
    if (!isOvertaken || attempt === ATTEMPTS_MAX) return result;
  }
}

async function deriveOnce(ports: RulePorts, given: Derived, make: Make): Promise<Performed> {
  const last = await ports.books.lastAct();
  const current = last && (await ports.books.version(last.version));
  if (!current) return refused('nothing-active', 'no version is current yet: apply one first');
  const before = outlineOf(await ports.books.documentOf(current));
  if (!before.ok) return refused('not-a-document', before.message);
  const made = make(before.outline);
  if (!made.ok) return made;
  const after = outlineOf(made.document);
  if (!after.ok) return refused('not-a-document', after.message);
  const changes = changesBetween(before.outline, after.outline);
  if (changes.length === 0) return refused('nothing-changed', 'that is how it is already');
  const parent = current.version;
  const authors = [given.author.name];
  const published = await publishDocument(ports, { ...given, ...made, parent, authors });
  if (!published.ok) return published;
  const { version } = published;
  const on = last.number;
  const activated: Activated = await activate(ports, { ...given, version, anyBase: true, on });
  return activated.ok ? { ...activated, version, changes } : activated;
}
