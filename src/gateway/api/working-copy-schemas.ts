import { VERSION_NAME } from './documents.ts';
import * as schema from './schema.ts';

const TAG = 'working copy';
const { changes, json, list, looks, name, object, problem } = schema;

export const IF_MATCH = {
  'if-match': { type: 'string', maxLength: 200, description: 'The `etag` of what was read.' },
};
export const MATCHED = {
  412: problem('It was changed meanwhile: the problem names the node, who did it, and its etag.'),
  428: problem('`If-Match` is missing.'),
};

const LOOK = {
  type: 'object',
  properties: {
    base: { type: 'integer', description: 'The version it is on top of.' },
    changes: { type: 'array', items: { type: 'string' }, description: 'Unapplied changes.' },
    touched: { type: 'array', items: { type: 'object' }, description: 'Who changed which node.' },
    conflicts: {
      type: 'array',
      items: { type: 'string' },
      description: 'Nodes that were also changed in what is current: revert them, or edit anew.',
    },
  },
  example: {
    base: 12,
    changes: ['promotion dairy-days-15: benefit 1 discount percent 15 → 17'],
    touched: [
      {
        node: 'promotion dairy-days-15',
        changedBy: 'token:k3…',
        changedAt: '2026-11-21T09:00:00.000Z',
      },
    ],
  },
};
const COUNTS = {
  type: 'object',
  properties: {
    promotions: { type: 'integer' },
    states: { type: 'object', description: 'How many of each state.' },
    active: { type: 'integer', description: 'Active, in groups that are.' },
    activeNow: { type: ['integer', 'null'], description: 'Of those, within period and hours.' },
  },
  example: { promotions: 24, states: { active: 22, draft: 2 }, active: 22, activeNow: 19 },
};

export const WORKING_COPY_SCHEMAS = {
  look: looks({
    tag: TAG,
    summary: 'What is unapplied, and who touched what',
    answers: { 200: json('The working copy without its document.', LOOK) },
  }),
  document: looks({
    tag: TAG,
    summary: 'The document of the working copy, as JSON or YAML',
    answers: {
      200: {
        description: 'The document; its `etag` goes into `If-Match` of a put.',
        content: {
          'application/json': { schema: schema.document },
          'application/yaml': { schema: { type: 'string' } },
        },
      },
    },
  }),
  replace: changes({
    tag: TAG,
    summary: 'Puts a whole document, as JSON or YAML',
    description:
      'Refused when anything was changed since it was read. To edit beside others, put nodes.',
    headers: IF_MATCH,
    body: schema.document,
    answers: { 200: json('What it changed.'), ...MATCHED },
  }),
  revert: changes({
    tag: TAG,
    summary: 'Sets the working copy, or some nodes with all in them, back to what is current',
    body: object(
      { only: list(name('`promotion birthday-20` …'), 'Only these.', 100), note: schema.note },
      { example: { only: ['promotion dairy-days-15'] } },
    ),
    answers: { 200: json('What it changed.') },
  }),
  counts: looks({
    tag: TAG,
    summary: 'How many campaigns there are, are active, and are active just now',
    params: {
      version: {
        type: 'string',
        pattern: VERSION_NAME,
        description: 'A number, `current` or `working`.',
      },
    },
    answers: { 200: json('Counts, of what the caller may see.', COUNTS) },
  }),
};
