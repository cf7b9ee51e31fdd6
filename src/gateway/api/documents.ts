import { isEverywhere, type Scope } from '../../../ops/access/roles.ts';
import { contentHash } from '../../../ops/rules/compile.ts';
import { documentOf, type Outline, outlineOf } from '../../../ops/rules/outline.ts';
import type { RulePorts } from '../../../ops/rules/ports.ts';
import type { RuleSetVersion } from '../../../ops/rules/version.ts';
import { visibleTo } from '../../../ops/rules/visible.ts';
import { workingCopyDocument } from '../../../ops/rules/working-copy.ts';
import { problemOfRefusal } from './refusals.ts';
import { type Answer, type Ask, fail } from './route.ts';

/** A version, what is current, or the working copy, as an address names it. */
export const VERSION_NAME = '^(current|working|[1-9][0-9]{0,14})$';
/** What has a number never changes. */
export const FOREVER = 'private, max-age=31536000, immutable';
/** May be kept, and is asked for each time. */
export const ASK_AGAIN = 'private, no-cache';

export interface NamedRuleSet {
  readonly name: string;
  readonly version: RuleSetVersion;
  readonly document: unknown;
}

export async function versionNamed({ books }: RulePorts, name: string): Promise<RuleSetVersion> {
  const number = name === 'current' ? (await books.lastAct())?.version : Number(name);
  const version = number === undefined ? undefined : await books.version(number);
  return version ?? fail(404, 'unknown-version', `There is no version \`${name}\`.`);
}

export async function ruleSetNamed(rules: RulePorts, name: string): Promise<NamedRuleSet> {
  if (name !== 'working') {
    const version = await versionNamed(rules, name);
    return { name, version, document: await rules.books.documentOf(version) };
  }
  const copy = await workingCopyDocument(rules);
  if (!copy.ok) throw problemOfRefusal(copy, false);
  return { name, version: copy.version, document: copy.document };
}

/** Answers differ by who asks, whatever they show who they are with. */
export const VARY = 'authorization, cookie';

/** A document without what has nothing to do with somebody's stores and partners. */
function visibleDocument(document: unknown, scope: Scope): unknown {
  return isEverywhere(scope) ? document : documentOf(visibleOutline(document, scope));
}

export function visibleOutline(document: unknown, scope: Scope): Outline {
  const taken = outlineOf(document);
  if (taken.ok) return visibleTo(scope, taken.outline);
  return fail(422, 'not-a-document', `${taken.message}.`);
}

export interface Shown {
  readonly document: unknown;
  /** The hash of all of it, where that is known. */
  readonly content?: string;
  readonly head: string;
  readonly cache: string;
  readonly writeYaml: (document: unknown, head: string) => Promise<string>;
}

/** A document in the form that is asked for, with a tag of that form. */
export async function documentAnswer(ask: Ask, given: Shown): Promise<Answer> {
  const form = formOf(ask);
  const document = visibleDocument(given.document, ask.caller);
  const known = document === given.document ? given.content : undefined;
  const etag = `"${known ?? contentHash(document)}${form === 'yaml' ? ';yaml' : ''}"`;
  const headers = { etag, vary: `accept, ${VARY}`, 'cache-control': given.cache };
  if (isKnown(ask, etag)) return { status: 304, headers };
  if (form === 'json') return { headers, body: document };
  const content = await given.writeYaml(document, given.head);
  return { headers, text: { type: 'application/yaml', content } };
}

function formOf({ headers }: Ask): 'json' | 'yaml' {
  const { accept = '*/*' } = headers;
  const isYaml = accept.includes('yaml');
  if (isYaml && !accept.includes('json')) return 'yaml';
  if (isYaml || accept.includes('json') || accept.includes('*/*')) return 'json';
  return fail(406, 'not-acceptable', 'Ask for `application/json` or `application/yaml`.');
}

export function isKnown({ headers }: Ask, etag: string): boolean {
  const known = headers['if-none-match'];
  return known !== undefined && (known === '*' || tagsIn(known).includes(etag.slice(1, -1)));
}

/** The tags of a condition, without their quotes. */
export function tagsIn(condition: string): readonly string[] {
  return condition.split(',').map((tag) => tag.trim().replace(/^W\//, '').replace(/^"|"$/g, ''));
}

/** The one tag of `If-Match`, which a change has to send. */
export function matchOf({ headers }: Ask): string {
  const condition = headers['if-match'];
  if (condition === undefined) {
    const detail = 'Send `If-Match` with the `etag` of what you read, so that nothing is lost.';
    fail(428, 'if-match-missing', detail);
  }
  const [tag = '*', ...others] = tagsIn(condition);
  if (others.length > 0) fail(400, 'invalid-request', '`If-Match` names one tag here.');
  return tag.replace(/;yaml$/, '');
}
