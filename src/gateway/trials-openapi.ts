import { KEY } from './api/schema.ts';

/** What the OpenAPI document says of tests and what-ifs. It describes; the engine validates. */

const text = (description: string) => ({ type: 'string', description });
const json = (description: string, schema: object) => ({
  description,
  content: { 'application/json': { schema } },
});
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { type: 'object' } } },
});
const TAGS = ['trials'];

const RULE_SET = {
  ruleSet: text('A version: its number, its hash, or `applied`, which is the default.'),
  document: { type: 'object', description: 'A rule-set document instead of a version.' },
};

const WHAT_IF = {
  type: 'object',
  properties: {
    id: text('Names it.'),
    state: { type: 'string', enum: ['running', 'done', 'cancelled', 'refused', 'failed'] },
    progress: { type: 'object', description: 'Phase, and how much of it is done.' },
    answer: { type: 'object', description: 'The report (docs/what-if.md), once it is done.' },
  },
};
const ID = { type: 'object', properties: { id: text('Of the what-if.') } };

export const TRIALS_SCHEMA = {
  test: {
    summary: 'What an order would give under any rule set',
    description: 'Test mode. Nothing is written. docs/test-mode.md has the request and the answer.',
    tags: TAGS,
    headers: { type: 'object', properties: KEY },
    body: {
      type: 'object',
      required: ['order'],
      properties: {
        ...RULE_SET,
        member: { description: 'An id, or a profile: points, tiers, segments …' },
        at: text('An instant, or a local time.'),
        zone: text('IANA zone of a local time.'),
        order: { type: 'object', description: 'A checkout without id, kind, member and time.' },
        autoCalculate: { type: 'boolean' },
        total: { type: 'integer' },
        asActive: { type: 'array', items: { type: 'string' } },
        explain: { type: 'boolean' },
      },
    },
    response: {
      200: json('Result, points and order views, and why the rest did not apply.', {
        type: 'object',
      }),
      422: problem('The test is wrong, or the rule set does not compile.'),
    },
  },
  begin: {
    summary: 'Play recorded traffic under a candidate',
    description: 'Runs behind checkouts. `Idempotency-Key` makes repeating safe.',
    tags: TAGS,
    body: {
      type: 'object',
      required: ['from', 'to'],
      properties: {
        ...RULE_SET,
        from: text('A day in the programme’s zone, or an instant with an offset.'),
        to: text('Not included.'),
        region: text('Counts only this store, region or country.'),
        partner: text('Counts only sales of this partner.'),
      },
    },
    response: {
      202: json('It runs, or waits for its turn.', WHAT_IF),
      400: problem('`from` or `to` is missing.'),
      422: problem('The key was used for another question.'),
      503: problem('Too many run or wait. Has `Retry-After`.'),
    },
  },
  list: {
    summary: 'The what-ifs since the start, the newest first, without their reports',
    tags: TAGS,
    response: { 200: json('All that are remembered.', { type: 'object' }) },
  },
  find: {
    summary: 'How a what-if goes, and its report',
    tags: TAGS,
    params: ID,
    response: { 200: json('The what-if.', WHAT_IF), 404: problem('There is no such what-if.') },
  },
  cancel: {
    summary: 'Cancel a what-if',
    tags: TAGS,
    params: ID,
    response: {
      202: json('It ends at its next step.', WHAT_IF),
      404: problem('There is no such what-if.'),
    },
  },
};
