import type { AuditRow, ChainHead, ChainVerdict } from '../../../ops/audit/chain.ts';
import { PAGE_QUERY } from './pages.ts';
import type { Answer, ApiRoute, Ask } from './route.ts';
import { numberIn, textIn } from './said.ts';
import * as schema from './schema.ts';

const { json, looks, name } = schema;
const TAG = 'audit';
/** Rows that one page looks through for those that fit. */
const LOOKED_AT_MAX = 20_000;
const CHUNK = 1_000;

/** The audit list, for looking. */
export interface AuditApiPorts {
  readonly head: () => ChainHead;
  /** Rows from a number on, in order. */
  readonly rows: (from: number) => Iterable<AuditRow>;
  readonly verify: () => Promise<ChainVerdict & { readonly hash: string }>;
}

const ROW = {
  type: 'object',
  properties: {
    sequence: { type: 'integer', description: 'From 1, without gaps.' },
    at: { type: 'string', format: 'date-time' },
    actor: { type: 'string', description: '`user:ann`, `token:k3…`, `local`.' },
    action: { type: 'string', description: 'Such as `rules.apply`.' },
    object: { type: 'string', description: 'What it was done to.' },
    outcome: { type: 'string', enum: ['begun', 'done', 'refused'] },
    detail: { type: 'object' },
    previousHash: { type: 'string' },
    hash: { type: 'string' },
  },
  example: {
    sequence: 812,
    at: '2026-11-21T09:00:00.000Z',
    actor: 'user:ann',
    action: 'rules.apply',
    object: 'version 14',
    outcome: 'done',
    detail: { version: 14, act: 31 },
    previousHash: '03ac…',
    hash: '9f86…',
  },
};

export function auditRoutes(ports: AuditApiPorts): readonly ApiRoute[] {
  const reading = { method: 'GET', permission: 'audit.read' } as const;
  return [
    {
      ...reading,
      url: '/api/v1/audit',
      schema: looks({
        tag: TAG,
        summary: 'Who did what, the newest first',
        description: `A page looks through ${LOOKED_AT_MAX} rows at most; go on at its \`next\`.`,
        query: {
          ...PAGE_QUERY,
          actor: name('Only of this actor.'),
          action: name('Only this action, or all that begin with it, such as `rules.`.'),
          outcome: { type: 'string', enum: ['begun', 'done', 'refused'] },
        },
        answers: {
          200: json('A page.', {
            type: 'object',
            properties: {
              rows: { type: 'array', items: ROW },
              next: { type: ['integer', 'null'], description: '`before` of the next page.' },
            },
          }),
        },
      }),
      answer: async (ask) => page(ports, ask),
    },
    {
      ...reading,
      url: '/api/v1/audit/verify',
      schema: looks({
        tag: TAG,
        summary: 'Whether the audit list is as it was written',
        description: 'Keep the hash somewhere else: a list that was made anew has another.',
        answers: { 200: json('`ok`, and the first row that is wrong if it is not.') },
      }),
      answer: async () => ({ body: await ports.verify() }),
    },
  ];
}

function page(ports: AuditApiPorts, { query }: Ask): Answer {
  const limit = numberIn(query, 'limit') ?? CHUNK;
  const last = ports.head().sequence;
  let before = Math.min(numberIn(query, 'before') ?? last + 1, last + 1);
  const oldest = Math.max(1, before - LOOKED_AT_MAX);
  const found: AuditRow[] = [];
  while (before > oldest && found.length < limit) {
    const from = Math.max(oldest, before - CHUNK);
    for (const row of chunk(ports, from, before)) {
      if (!fits(row, query)) continue;
      found.push(row);
      if (found.length === limit) break;
    }
    before = from;
  }
  const full = found.length === limit ? found.at(-1)?.sequence : undefined;
  const begin = full ?? before;
  const rows = found.map((row) => ({ ...row, at: new Date(row.at).toISOString() }));
  return { body: { rows, next: begin > 1 ? begin : null } };
}

/** The newest first. */
function chunk(ports: AuditApiPorts, from: number, before: number): readonly AuditRow[] {
  const rows: AuditRow[] = [];
  for (const row of ports.rows(from)) {
    if (row.sequence >= before) break;
    rows.push(row);
  }
  return rows.reverse();
}

function fits(row: AuditRow, query: Ask['query']): boolean {
  const [actor, action, outcome] = ['actor', 'action', 'outcome'].map((one) => textIn(query, one));
  return (
    (actor === undefined || row.actor === actor) &&
    (action === undefined || row.action.startsWith(action)) &&
    (outcome === undefined || row.outcome === outcome)
  );
}
