import { isName } from '../../../core/transaction/reader.ts';
import { PAGE_DEFAULT, PAGE_MAX } from '../../transaction-list/transaction-list.ts';
import type { GatewayPorts } from '../ports.ts';
import { type ApiRoute, type Ask, fail } from './route.ts';
import { fieldIn, numberIn, textIn } from './said.ts';
import * as schema from './schema.ts';

const { json, looks, name, problem } = schema;
const MEMBER = '/api/v1/members/:id';
const TAG = 'members';

const PARAMS = { id: name('Id of the member, or `card/…` or `phone/…` of it, encoded.') };
const WITHIN = {
  expiringWithin: {
    type: 'string',
    pattern: '^P(?=\\d|T\\d)(\\d{1,5}W)?(\\d{1,5}D)?(T(\\d{1,5}H)?(\\d{1,5}M)?(\\d{1,5}S)?)?$',
    description: 'How far ahead expiring points are told of, like `P14D`; `P30D` when left out.',
  },
};
const NOBODY = { 404: problem('There is no such member.') };

/** Parts of what is known of a member, and what of it they show. */
const VIEWS = {
  points: 'Every account: balance, available, pending, held, debt',
  lots: 'The lots of points that are spendable, and those that wait',
  tiers: 'The tiers, with what is left to the next one',
  expiring: 'What expires soon, by instant',
} as const;
type View = keyof typeof VIEWS;

const describe = (summary: string, example: object) =>
  looks({
    tag: TAG,
    summary,
    params: PARAMS,
    query: WITHIN,
    answers: { 200: json('As of now.', { type: 'object', example }), ...NOBODY },
  });

const EXAMPLES: Readonly<Record<View, object>> = {
  points: { id: 'm-1', points: [{ type: 'main', balance: 426, available: 426, pending: 0 }] },
  lots: { id: 'm-1', lots: [{ type: 'main', lots: [{ lot: '1/7/0', points: 26 }], waiting: [] }] },
  tiers: { id: 'm-1', tiers: [{ group: 'club', tier: 'silver' }] },
  expiring: { id: 'm-1', expiring: [{ type: 'main', points: 26, dates: [] }] },
};

const MOVEMENTS = looks({
  tag: TAG,
  summary: 'Every movement of the member’s spendable points, newest first',
  description: 'From ClickHouse, about a second behind. Each row: before + value = after.',
  params: PARAMS,
  query: {
    limit: { type: 'integer', minimum: 1, maximum: PAGE_MAX, default: PAGE_DEFAULT },
    before: {
      type: 'string',
      pattern: '^[0-9]{1,15}-[0-9]{1,9}$',
      description: 'The `next` of the page before.',
    },
    points: name('Only this point type.'),
  },
  answers: {
    200: json('A page: `transactions` and `next`.'),
    503: problem('ClickHouse is away. Has `Retry-After`.'),
  },
});

export type MemberPorts = Pick<GatewayPorts, 'member' | 'transactions'>;

/** A member, whole or in parts, and what moved its points. */
export function memberApiRoutes(ports: MemberPorts): readonly ApiRoute[] {
  const reading = { method: 'GET', permission: 'members.read' } as const;
  const views = Object.entries(VIEWS).map(([view, summary]): ApiRoute => {
    const part = VIEWERS[view];
    return {
      ...reading,
      url: `${MEMBER}/${view}`,
      schema: describe(summary, EXAMPLES[view as View]),
      answer: async (ask) => ({ body: part?.(await memberOf(ports, ask)) }),
    };
  });
  const example = { id: 'm-1', standing: 'open', points: [], tiers: {}, holds: [] };
  return [
    {
      ...reading,
      url: `${MEMBER}/transactions`,
      schema: MOVEMENTS,
      answer: async ({ params, query }) => {
        const limit = numberIn(query, 'limit') ?? PAGE_DEFAULT;
        const [before, points] = [textIn(query, 'before'), textIn(query, 'points')];
        const page = await ports.transactions(params['id'] ?? '', { limit, before, points });
        return { body: { transactions: page.transactions, next: page.next ?? null } };
      },
    },
    {
      ...reading,
      url: MEMBER,
      schema: describe('Everything that is known of a member', example),
      answer: async (ask) => ({ body: await memberOf(ports, ask) }),
    },
    ...views,
  ];
}

type Member = NonNullable<Awaited<ReturnType<GatewayPorts['member']>>>;

async function memberOf(ports: Pick<GatewayPorts, 'member'>, { params, query }: Ask) {
  const { id = '' } = params;
  const member = isName(id) ? await ports.member(id, textIn(query, 'expiringWithin')) : undefined;
  return member ?? fail(404, 'unknown-member', 'There is no such member.');
}

const VIEWERS: Readonly<Record<string, (member: Member) => object>> = {
  points: ({ id, points }) => ({
    id,
    points: points.map(({ lots: _, waiting: __, expiring: ___, ...account }) => account),
  }),
  lots: ({ id, points }) => ({
    id,
    lots: points.map(({ type, lots, waiting }) => ({ type, lots, waiting })),
  }),
  tiers: (member) => ({ id: member.id, tiers: fieldIn(member, 'tierStates') ?? [] }),
  expiring: ({ id, points }) => ({
    id,
    expiring: points.map(({ type, expiring }) => ({
      type,
      ...(typeof expiring === 'object' ? expiring : {}),
    })),
  }),
};
