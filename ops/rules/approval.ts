import type { RuleCommand } from './commands.ts';
import { isContent } from './outline.ts';
import type { Performed } from './performed.ts';
import type { RulePorts } from './ports.ts';
import { unknownVersion } from './publish.ts';
import { refused } from './refusal.ts';
import type { RuleSetVersion } from './version.ts';

/**
 * Whether the programme wants a second person to apply what a first one wrote. The document that
 * is current says so: a new one cannot switch it off by itself.
 */
export function wantsSecondPerson(document: unknown): boolean {
  const program = isContent(document) ? document['program'] : undefined;
  const settings = isContent(program) ? program['settings'] : undefined;
  return isContent(settings) && settings['approval'] === 'second-person';
}

/** Nobody approves what is partly their own. */
export function isSecondPerson(version: RuleSetVersion, name: string): boolean {
  return !version.authors.includes(name);
}

/** Approvals of one version. */
export const APPROVALS_MAX = 16;
const ATTEMPTS_MAX = 20;

/** Writes down that a second person agrees with a version. */
export async function approve(
  { books, now }: RulePorts,
  command: Extract<RuleCommand, { command: 'approve' }>,
): Promise<Performed> {
  const { author, note } = command;
  const version = await books.version(command.version);
  if (!version) return unknownVersion(command.version);
  if (!isSecondPerson(version, author.name)) {
    const message = `version ${version.version} holds edits by ${author.name}: somebody else has to`;
    return refused('own-edits', message);
  }
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const held = await books.approvals(version.version);
    const given = held?.value ?? [];
    if (given.some((one) => one.author === author.name)) return { ok: true, version };
    if (given.length >= APPROVALS_MAX) {
      return refused('nothing-changed', `${APPROVALS_MAX} have approved it already`);
    }
    const approval = { author: author.name, at: new Date(now()).toISOString(), note };
    const revision = held?.revision ?? 0;
    if (await books.keepApprovals(version.version, [...given, approval], revision)) {
      return { ok: true, version };
    }
  }
  return refused('changed-meanwhile', 'others approve it at the same moment: try again');
}
