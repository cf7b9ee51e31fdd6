import * as schema from './schema.ts';
import { IF_MATCH, MATCHED } from './working-copy-schemas.ts';

const TAG = 'working copy';
const { changes, json, list, looks, name, object, problem } = schema;

const KINDS = [
  'promotion',
  'group',
  'place',
  'partner',
  'point-type',
  'tier-group',
  'program',
  'rest',
];
const PARAMS = {
  kind: { type: 'string', enum: KINDS, description: 'Kind of the node.' },
  id: name('Its id; `program` and `rest` for those.'),
};
const GONE = { 404: problem('There is no such node, or it is of other stores.') };

const NODE = {
  type: 'object',
  properties: {
    node: { type: 'string', description: 'Its name.' },
    kind: { type: 'string' },
    id: { type: 'string' },
    parent: { type: 'string', description: 'The group it stands in.' },
    state: { type: 'string', enum: ['active', 'draft', 'inactive', 'ended', 'archived'] },
    runs: { type: 'boolean', description: 'Active, and so is every group above it.' },
    etag: { type: 'string', description: 'For `If-Match`.' },
    content: { type: 'object', description: 'What it says, without what is in it.' },
  },
  example: {
    node: 'promotion dairy-days-15',
    kind: 'promotion',
    id: 'dairy-days-15',
    parent: 'group seasonal',
    state: 'active',
    runs: true,
    etag: '"9f86d081884c7d65…"',
  },
};
const EDITED = json('What was changed, and what the node is now.', {
  type: 'object',
  properties: { changes: { type: 'array', items: { type: 'string' } }, node: NODE },
});

export const NODE_SCHEMAS = {
  list: looks({
    tag: TAG,
    summary: 'The nodes of the working copy, in their order',
    query: {
      kind: { type: 'string', enum: KINDS, description: 'Only this kind.' },
      parent: name('Only what stands in this group, such as `group main`.'),
      state: name('Only what is in this state.'),
      search: name('In ids and titles.'),
      limit: { type: 'integer', minimum: 1, maximum: 1_000, default: 100 },
      after: name('The `next` of the page before.'),
    },
    answers: {
      200: json('A page: `nodes`, `total` and `next`.'),
      410: problem('The page begins behind what is gone.'),
    },
  }),
  find: looks({
    tag: TAG,
    summary: 'One node with what it says',
    params: PARAMS,
    answers: { 200: json('The node.', NODE), ...GONE },
  }),
  put: changes({
    tag: TAG,
    summary: 'Changes one node, or makes it',
    description:
      'With `If-Match` it is changed, with `If-None-Match: *` it is made. Edits of other nodes ' +
      'never get in the way.',
    params: PARAMS,
    headers: {
      ...IF_MATCH,
      'if-none-match': { type: 'string', maxLength: 200, description: '`*`: only if it is new.' },
    },
    body: object(
      {
        content: { type: 'object', description: 'What it says, without what is in it.' },
        to: name('Of a new promotion or group: the group it stands in.'),
        note: schema.note,
      },
      {
        required: ['content'],
        example: {
          content: {
            promotion: 'dairy-days-15',
            benefits: { list: [{ discount: { percent: 17 } }] },
          },
        },
      },
    ),
    answers: { 200: EDITED, 201: EDITED, ...GONE, ...MATCHED },
  }),
  remove: changes({
    tag: TAG,
    summary: 'Takes a node out',
    description:
      'A group only if every promotion in it is a draft. What has run is kept by the versions ' +
      'that have it, and its id stays taken.',
    params: PARAMS,
    headers: IF_MATCH,
    answers: { 200: EDITED, ...GONE, ...MATCHED },
  }),
  clone: changes({
    tag: TAG,
    summary: 'A deep copy of a promotion or a group, as a draft with new ids',
    params: PARAMS,
    body: object(
      {
        id: name('Of the copy; without it one is made up.', { pattern: '^[A-Za-z0-9][\\w.-]*$' }),
        to: name('The group it goes to; without it, beside the original.'),
        note: schema.note,
      },
      { example: { id: 'dairy-days-almaty', to: 'group seasonal' } },
    ),
    answers: { 201: EDITED, ...GONE },
  }),
  move: changes({
    tag: TAG,
    summary: 'Moves a promotion or a group, with all in it',
    description: 'A move that would nest deeper than nine groups is refused as a whole.',
    params: PARAMS,
    body: object(
      {
        to: name('The group, such as `group main`.'),
        after: name('The node it goes behind; without it, it comes first.'),
        note: schema.note,
      },
      { required: ['to'], example: { to: 'group seasonal', after: 'promotion birthday-20' } },
    ),
    answers: { 200: EDITED, ...GONE },
  }),
  switchOne: changes({
    tag: TAG,
    summary: 'Switches a promotion or a group',
    description:
      'An inactive or archived group stops everything in it and changes nothing there, so that ' +
      'activating it brings back exactly what it stopped. What has ended stays so.',
    params: PARAMS,
    body: object({ note: schema.note }, { example: { note: 'sold out' } }),
    answers: { 200: EDITED, ...GONE },
  }),
  switchMany: changes({
    tag: TAG,
    summary: 'Switches many promotions and groups, all of them or none',
    body: object(
      {
        action: { type: 'string', enum: ['activate', 'deactivate', 'end', 'archive'] },
        nodes: { ...list(name('`promotion …` or `group …`'), 'Which.', 1_000), minItems: 1 },
        note: schema.note,
      },
      {
        required: ['action', 'nodes'],
        example: { action: 'deactivate', nodes: ['group seasonal', 'promotion birthday-20'] },
      },
    ),
    answers: { 200: EDITED, ...GONE },
  }),
};
