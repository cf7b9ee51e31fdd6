/** Parts that the schemas of all routes are made of. */

export const DESCRIPTION_MAX = 500;

export const text = (description: string, more: object = {}) => ({
  type: 'string',
  minLength: 1,
  maxLength: DESCRIPTION_MAX,
  description,
  ...more,
});
export const name = (description: string, more: object = {}) =>
  text(description, { maxLength: 200, ...more });
export const note = {
  type: 'string',
  maxLength: DESCRIPTION_MAX,
  description: 'Why, for the history.',
};
export const whole = (description: string, more: object = {}) => ({
  type: 'integer',
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description,
  ...more,
});
export const list = (items: object, description: string, maxItems = 1_000) => ({
  type: 'array',
  items,
  maxItems,
  description,
});
/** What is no field of it is refused. */
export const object = (properties: object, more: object = {}) => ({
  type: 'object',
  properties,
  additionalProperties: false,
  ...more,
});
export const document = {
  type: 'object',
  description: 'A rule-set document (docs/reference/rule-language.md).',
};

const PROBLEM = {
  type: 'object',
  properties: {
    type: { type: 'string', description: 'Stable: `urn:arbiter:problem:` and the code.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string', description: 'What is wrong and what to do.' },
    instance: { type: 'string' },
    path: { type: 'string', description: 'The field, where one is to blame.' },
    problems: { type: 'array', items: { type: 'string' } },
    nodes: {
      type: 'array',
      description: 'The nodes in question, who changed them, and what they are now.',
      items: { type: 'object' },
    },
  },
  example: {
    type: 'urn:arbiter:problem:changed-meanwhile',
    title: 'It is no longer what you saw',
    status: 412,
    code: 'changed-meanwhile',
    detail: 'Promotion dairy-days-15 is no longer what was read: look at it, and edit that.',
    nodes: [{ node: 'promotion dairy-days-15', changedBy: 'token:k3…', etag: '"9f…"' }],
    instance: 'urn:arbiter:request:1b9d…',
  },
};

export const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: PROBLEM } },
});
export const json = (description: string, schema: object = { type: 'object' }) => ({
  description,
  content: { 'application/json': { schema } },
});

/** What every route may answer. */
const ALWAYS = {
  400: problem('The request is not as described here.'),
  401: problem('No token, or none that is good.'),
  403: problem('The caller may not do that. It is in the audit list.'),
};
const CHANGES = {
  409: problem('It contradicts what is there, or the same request is being carried out.'),
  422: problem('It cannot be done, or the `Idempotency-Key` was used for something else.'),
  503: problem('A processor is away. Has `Retry-After`.'),
};

export const KEY = {
  'idempotency-key': {
    type: 'string',
    maxLength: 200,
    description: 'Repeating the request under the same key gives its first answer again.',
  },
};

interface Described {
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: object;
  readonly query?: object;
  readonly headers?: object;
  readonly body?: object;
  readonly answers: object;
}

/** What the OpenAPI document says of a route that looks. */
export function looks(given: Described): object {
  const { params, query, headers } = given;
  return {
    tags: [given.tag],
    summary: given.summary,
    ...(given.description === undefined ? {} : { description: given.description }),
    ...(params ? { params: object(params) } : {}),
    querystring: object(query ?? {}),
    ...(headers ? { headers: object(headers, { additionalProperties: true }) } : {}),
    response: { ...given.answers, ...ALWAYS },
  };
}

/** What it says of one that changes something. */
export function changes(given: Described): object {
  const headers = { ...given.headers, ...KEY };
  const seen = looks({ ...given, headers, answers: { ...given.answers, ...CHANGES } });
  return given.body ? { ...seen, body: given.body } : seen;
}
