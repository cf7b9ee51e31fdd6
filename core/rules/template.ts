import type { Template } from './benefit.ts';
import { type Diagnostic, quoted } from './diagnostic.ts';

/**
 * Templated texts: plain text with `{variable}` (or `{{ variable }}`). The grammar is closed and
 * a variable only names a value, so text from an operator can never become anything else.
 */
export const TEMPLATE_VARIABLES = [
  'promotion',
  'member',
  'member.id',
  'member.tier',
  'store',
  'region',
  'partner',
  'channel',
  'currency',
  'code',
  'total.initial',
  'total.current',
  'discount',
] as const;
/** Families: any field of the member or of the checkout. */
const FIELD = /^(member\.)?fields\.[^{}\s]{1,128}$/;
const HOLE = /\{\{\s*([^{}\s]+)\s*\}\}|\{\s*([^{}\s]+)\s*\}/g;

export type TemplateProblem = Pick<Diagnostic, 'code' | 'message' | 'hint'>;

/** Splits a template into text and variables; `constants` are known at compile time. */
export function parseTemplate(
  template: string,
  constants: Readonly<Record<string, string>> = {},
): Template {
  const parts: (string | { readonly variable: string })[] = [];
  let end = 0;
  for (const match of template.matchAll(HOLE)) {
    if (match.index > end) parts.push(template.slice(end, match.index));
    const variable = match[1] ?? match[2] ?? '';
    parts.push(constants[variable] ?? { variable });
    end = match.index + match[0].length;
  }
  if (end < template.length) parts.push(template.slice(end));
  return parts;
}

/** What is wrong with a template, if anything. */
export function templateProblem(template: string): TemplateProblem | undefined {
  for (const part of parseTemplate(template)) {
    if (typeof part === 'string') {
      if (!/[{}]/.test(part)) continue;
      return {
        code: 'wrong-template',
        message: `a brace in ${quoted(part)} does not belong to a variable`,
        hint: 'write variables as {name}; a text has no other braces',
      };
    }
    if (isVariable(part.variable)) continue;
    return {
      code: 'unknown-variable',
      message: `${quoted(part.variable)} is not a variable`,
      hint: `use one of ${TEMPLATE_VARIABLES.join(', ')}, fields.NAME, member.fields.NAME`,
    };
  }
  return undefined;
}

function isVariable(name: string): boolean {
  return TEMPLATE_VARIABLES.some((known) => known === name) || FIELD.test(name);
}
