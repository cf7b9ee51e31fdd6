import { isContent } from './outline.ts';
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
