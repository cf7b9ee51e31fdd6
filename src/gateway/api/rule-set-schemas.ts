import { VERSION_NAME } from './documents.ts';
import { PAGE_QUERY } from './pages.ts';
import * as schema from './schema.ts';

const TAG = 'rule sets';
const { changes, json, looks, object, problem, text, whole } = schema;

const EXAMPLE = {
  version: 14,
  hash: 'sha256:5c1f…',
  content: 'sha256:9a20…',
  parent: 12,
  author: 'token:k3…',
  authors: ['token:k3…'],
  at: '2026-11-21T09:00:00.000Z',
  note: 'dairy 17 %',
};

const VERSION = {
  type: 'object',
  properties: {
    version: whole('Its number.'),
    hash: text('Of what it means; outcomes carry it.'),
    content: text('Of what it says.'),
    parent: whole('What it was made from.'),
    author: text('Who published it.'),
    authors: { type: 'array', items: { type: 'string' }, description: 'Whose edits are in it.' },
    at: { type: 'string', format: 'date-time' },
    note: { type: 'string' },
  },
  example: EXAMPLE,
};

const DIAGNOSTICS = {
  type: 'object',
  properties: {
    compiles: { type: 'boolean' },
    errors: { type: 'integer' },
    warnings: { type: 'integer' },
    diagnostics: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          severity: { type: 'string', enum: ['error', 'warning'] },
          code: { type: 'string' },
          path: { type: 'string', description: 'JSON pointer into the document.' },
          message: { type: 'string' },
          hint: { type: 'string', description: 'What to do about it.' },
          witness: { type: 'object', description: 'A checkout, and its member, that shows it.' },
        },
      },
    },
  },
};

const versionParam = (names: string) => ({
  version: { type: 'string', pattern: VERSION_NAME, description: names },
});
const ANY = versionParam('A number, `current`, or `working` for the working copy.');
const PUBLISHED = {
  version: {
    type: 'string',
    pattern: '^(current|[1-9][0-9]{0,14})$',
    description: 'A number, or `current`.',
  },
};
const IF_NONE_MATCH = {
  'if-none-match': { type: 'string', maxLength: 1_000, description: 'An `etag` that is known.' },
};
const NOT_FOUND = { 404: problem('There is no such version.') };
const UNCHANGED = { 304: { description: 'What is known is still so.', type: 'null' } };

export const RULE_SET_SCHEMAS = {
  list: looks({
    tag: TAG,
    summary: 'All versions, the newest first',
    query: PAGE_QUERY,
    answers: {
      200: json('A page.', {
        type: 'object',
        properties: {
          ruleSets: { type: 'array', items: VERSION },
          current: { type: 'integer', description: 'The version that decides now.' },
          next: { type: ['integer', 'null'], description: '`before` of the next page.' },
        },
      }),
    },
  }),
  find: looks({
    tag: TAG,
    summary: 'A version without its document',
    description: 'A version never changes: keep it as long as you like.',
    params: PUBLISHED,
    headers: IF_NONE_MATCH,
    answers: { 200: json('The version.', VERSION), ...UNCHANGED, ...NOT_FOUND },
  }),
  document: looks({
    tag: TAG,
    summary: 'The document of a version, as JSON or YAML',
    description:
      '`Accept: application/yaml` gives YAML. Who works for some stores gets the campaigns that ' +
      'run in one of them.',
    params: ANY,
    headers: IF_NONE_MATCH,
    answers: {
      200: {
        description: 'The document.',
        content: {
          'application/json': { schema: schema.document },
          'application/yaml': { schema: { type: 'string' } },
        },
      },
      ...UNCHANGED,
      ...NOT_FOUND,
      406: problem('Neither JSON nor YAML was asked for.'),
    },
  }),
  diff: looks({
    tag: TAG,
    summary: 'What differs between two versions, in the words of the document',
    params: ANY,
    query: {
      to: { type: 'string', pattern: VERSION_NAME, default: 'working', description: 'The other.' },
    },
    answers: {
      200: json('A line for each difference.', {
        type: 'object',
        properties: {
          from: { type: 'string' },
          to: { type: 'string' },
          changes: { type: 'array', items: { type: 'string' } },
          moreChanges: { type: 'integer', description: 'Lines that were left out.' },
          nodes: { type: 'array', items: { type: 'string' } },
        },
        example: {
          from: '12',
          to: 'working',
          changes: ['promotion dairy-days-15: benefit 1 discount percent 15 → 17'],
          nodes: ['promotion dairy-days-15'],
        },
      }),
      ...NOT_FOUND,
    },
  }),
  check: looks({
    tag: TAG,
    summary: 'Problems and conflicts of a version, each conflict with a witness',
    params: ANY,
    answers: { 200: json('All that was found.', DIAGNOSTICS), ...NOT_FOUND },
  }),
  checkDocument: changes({
    tag: TAG,
    summary: 'Problems and conflicts of any document',
    body: object({ document: schema.document }, { required: ['document'] }),
    answers: { 200: json('All that was found.', DIAGNOSTICS) },
  }),
  publish: changes({
    tag: TAG,
    summary: 'Makes a document a version, without using it',
    description: 'The same content again keeps its number.',
    body: object(
      {
        document: schema.document,
        base: whole('What it was made from; without it, what is current.', { minimum: 1 }),
        note: schema.note,
      },
      { required: ['document'] },
    ),
    answers: { 201: json('The version.', VERSION), 404: problem('There is no such base.') },
  }),
  approvals: looks({
    tag: TAG,
    summary: 'Who has approved a version',
    params: PUBLISHED,
    answers: { 200: json('Approvals.'), ...NOT_FOUND },
  }),
  approve: changes({
    tag: TAG,
    summary: 'Approves a version as a second person',
    description: 'Nobody approves what is partly their own.',
    params: PUBLISHED,
    body: object({ note: schema.note }, { example: { note: 'checked against the contract' } }),
    answers: { 201: json('All approvals.'), ...NOT_FOUND },
  }),
};
