import { PAGE_QUERY } from './pages.ts';
import * as schema from './schema.ts';

const TAG = 'activations';
const { changes, json, list, looks, name, object, problem, text, whole } = schema;

const ACTS = ['apply', 'rollback', 'stop'];
const NUMBER = {
  number: { type: 'string', pattern: '^[1-9][0-9]{0,14}$', description: 'Its number.' },
};

const ACTIVATION = {
  type: 'object',
  properties: {
    number: whole('Of the act.'),
    act: { type: 'string', enum: [...ACTS, 'launch', 'scheduled'] },
    version: whole('What became current.'),
    before: whole('What was current before.'),
    author: text('Who did it.'),
    note: { type: 'string' },
    at: { type: 'string', format: 'date-time' },
    state: {
      type: 'string',
      enum: ['running', 'active', 'superseded'],
      description: '`active`: every partition decides by it. `superseded`: a later act followed.',
    },
    partitions: { type: 'array', items: { type: 'object' }, description: 'How far each one is.' },
    warnings: { type: 'array', items: { type: 'object' }, description: 'Conflicts, of an apply.' },
    check: { type: 'string', description: 'Where all warnings are.' },
  },
  example: {
    number: 31,
    act: 'apply',
    version: 14,
    before: 12,
    author: 'token:k3…',
    note: 'dairy 17 %',
    at: '2026-11-21T09:00:00.000Z',
    state: 'active',
    partitions: [{ partition: 0, state: 'active', version: 14, since: '2026-11-21T09:00:00.011Z' }],
    changes: ['promotion dairy-days-15: benefit 1 discount percent 15 → 17'],
    warnings: [],
  },
};

const SCHEDULE = {
  type: 'object',
  properties: {
    number: whole('Of the schedule.'),
    version: whole('What becomes current.'),
    due: { type: 'string', format: 'date-time' },
    state: { type: 'string', enum: ['waiting', 'done', 'failed', 'cancelled'] },
    message: { type: 'string', description: 'Why it failed, or who cancelled it.' },
  },
};

export const ACTIVATION_SCHEMAS = {
  active: looks({
    tag: TAG,
    summary: 'What decides now, and what is planned',
    answers: { 200: json('The latest activation, its version, and schedules that wait.') },
  }),
  list: looks({
    tag: TAG,
    summary: 'What became current, the newest first',
    query: PAGE_QUERY,
    answers: { 200: json('A page: `activations` and `next`.') },
  }),
  find: looks({
    tag: TAG,
    summary: 'An activation, and how far it has come in every partition',
    params: NUMBER,
    answers: { 200: json('The activation.', ACTIVATION), 404: problem('There is none.') },
  }),
  act: changes({
    tag: TAG,
    summary: 'Makes a version current, goes back, or stops one promotion',
    description:
      '`apply` takes a `version`, or the working copy without one (`only` some of its nodes). ' +
      '`rollback` goes to a `version` that was current before, or to the one before the present. ' +
      '`stop` takes one `promotion` out at once. Every processor compiles a version first.',
    body: object(
      {
        act: { type: 'string', enum: ACTS },
        version: whole('Of `apply` and `rollback`.', { minimum: 1 }),
        only: list(
          name('`promotion birthday-20`, `group seasonal` …'),
          'Of the working copy.',
          100,
        ),
        promotion: name('Of `stop`.'),
        note: schema.note,
      },
      { required: ['act'], example: { act: 'apply', version: 14, note: 'dairy 17 %' } },
    ),
    answers: {
      201: json('It is in the log of every partition.', ACTIVATION),
      404: problem('There is no such version or promotion.'),
    },
  }),
  schedules: looks({
    tag: TAG,
    summary: 'What was planned, the newest first',
    query: PAGE_QUERY,
    answers: { 200: json('A page: `schedules` and `next`.') },
  }),
  schedule: looks({
    tag: TAG,
    summary: 'One plan',
    params: NUMBER,
    answers: { 200: json('The schedule.', SCHEDULE), 404: problem('There is none.') },
  }),
  plan: changes({
    tag: TAG,
    summary: 'Makes a version current at an instant',
    body: object(
      {
        version: whole('What becomes current.', { minimum: 1 }),
        due: {
          type: 'string',
          pattern:
            '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,3})?)?(Z|[+-]\\d\\d:\\d\\d)$',
          description: 'With an offset.',
        },
        note: schema.note,
      },
      {
        required: ['version', 'due'],
        example: { version: 14, due: '2026-12-01T00:00:00+05:00', note: 'winter' },
      },
    ),
    answers: { 201: json('The schedule.', SCHEDULE), 404: problem('There is no such version.') },
  }),
  cancel: changes({
    tag: TAG,
    summary: 'Calls a plan off',
    params: NUMBER,
    answers: { 200: json('The schedule.', SCHEDULE), 404: problem('None of that number waits.') },
  }),
};
