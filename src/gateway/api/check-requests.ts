import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../problem.ts';

/** Levels that a body may nest: more than any rule set needs. */
const DEPTH_MAX = 64;
/** Names that mean something to JavaScript objects, and nothing to us. */
const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

interface Checked {
  readonly schema: unknown;
  readonly httpPart?: string;
}

/**
 * Requests are held to the schemas that the OpenAPI document shows, so the two cannot differ. A
 * field that no schema knows is refused: nobody sets what they were not asked for.
 */
export function checkRequests(api: FastifyInstance): void {
  const bodies = new Ajv({ strict: false, validateFormats: false, allErrors: false });
  // Addresses carry text only.
  const addresses = new Ajv({
    strict: false,
    validateFormats: false,
    coerceTypes: true,
    useDefaults: true,
  });
  api.setValidatorCompiler<object>(({ schema, httpPart }: Checked) => {
    // Ours: made of literals in the schema files.
    const text = schema as object;
    if (httpPart === 'headers') return () => true;
    if (httpPart !== 'body') return checking(addresses.compile(text), httpPart ?? '');
    const check = checking(bodies.compile(text), 'body');
    return (sent: unknown) => {
      const value = sent === null || sent === undefined ? {} : Reflect.get(Object(sent), 'value');
      const forbidden = forbiddenName(value);
      if (forbidden !== undefined) return { error: forbidden };
      const verdict = check(value ?? {});
      // The body itself goes on as it was parsed.
      return verdict === true ? { value: sent } : verdict;
    };
  });
}

function checking(validate: ValidateFunction, part: string) {
  return (value: unknown): true | { error: Error } => {
    if (validate(value)) return true;
    const [first] = validate.errors ?? [];
    return { error: invalid(part, first) };
  };
}

/** What the library says of the object that a field belongs to, said of the field. */
const SAID: ReadonlyMap<string, string> = new Map([
  ['additionalProperties', 'is not a field of this request'],
  ['required', 'is missing'],
]);

function invalid(part: string, error: ErrorObject | undefined): ProblemError {
  const { instancePath = '', message = 'is not valid', params = {}, keyword = '' } = error ?? {};
  const extra = Reflect.get(params, 'additionalProperty') ?? Reflect.get(params, 'missingProperty');
  const path = extra === undefined ? instancePath : `${instancePath}/${String(extra)}`;
  const allowed: unknown = Reflect.get(params, 'allowedValues');
  const choice = Array.isArray(allowed) ? `: ${allowed.join(', ')}` : '';
  const says = SAID.get(keyword) ?? message;
  const where = `\`${path || '/'}\` of the ${part === 'querystring' ? 'query' : part}`;
  return new ProblemError({
    status: 400,
    code: 'invalid-request',
    detail: `${where} ${says}${choice}. /openapi.json describes every request.`,
    more: { path, in: part },
  });
}

function forbiddenName(value: unknown, path = '', depth = 0): ProblemError | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > DEPTH_MAX) {
    const detail = `The body nests deeper than ${DEPTH_MAX} levels.`;
    return new ProblemError({ status: 400, code: 'too-deep', detail, more: { path } });
  }
  for (const [name, inside] of Object.entries(value)) {
    const at = `${path}/${name}`;
    if (FORBIDDEN.has(name)) {
      const detail = `\`${name}\` is a name that no field may have.`;
      return new ProblemError({ status: 400, code: 'forbidden-name', detail, more: { path: at } });
    }
    const found = forbiddenName(inside, at, depth + 1);
    if (found) return found;
  }
  return undefined;
}
