import { reaches } from '../../../ops/access/roles.ts';
import type { RecordedTransaction } from '../../replay-decision/find-transaction.ts';
import {
  endOf,
  type FoundPage,
  SEARCH_CURSOR,
  type TransactionFilter,
} from '../../transaction-list/transaction-search.ts';
import type { Replayed } from '../../trials/look-back.ts';
import { PAGE_MAX } from './pages.ts';
import { type Answer, type ApiRoute, type Ask, fail } from './route.ts';
import { textIn } from './said.ts';
import * as schema from './schema.ts';

const { changes, json, looks, name, object, problem } = schema;
const TRANSACTIONS = '/api/v1/transactions';
const TAG = 'transactions';
const DAY = 86_400_000;
/** Days that one search looks through. */
const DAYS_MAX = 31;
const PAGE_DEFAULT = 50;

/** What the routes of transactions need. */
export interface LedgerApiPorts {
  readonly search: (filter: TransactionFilter) => Promise<FoundPage>;
  readonly find: (id: string) => Promise<RecordedTransaction | undefined>;
  readonly replay: (id: string, version: string | undefined) => Promise<Replayed>;
  readonly now: () => number;
}

const INSTANT = {
  type: 'string',
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,3})?)?(Z|[+-]\\d\\d:\\d\\d)$',
};
const FILTERS = {
  from: { ...INSTANT, description: 'When the log took it, included; a day before `to`.' },
  to: {
    ...INSTANT,
    description: 'Not included; when left out, when the first page was asked for.',
  },
  member: name('Only of this member.'),
  store: name('Only of this store.'),
  partner: name('Only of this partner.'),
  region: name('Only of this region.'),
  kind: name('Only this kind, such as `checkout`.'),
  reason: name('Only rejected for this reason.'),
  limit: { type: 'integer', minimum: 1, maximum: PAGE_MAX, default: PAGE_DEFAULT },
  before: { type: 'string', pattern: SEARCH_CURSOR, description: 'The `next` of the page before.' },
};
const PAGE = {
  type: 'object',
  properties: {
    transactions: { type: 'array', items: { type: 'object' } },
    next: { type: ['string', 'null'], description: '`before` of the next page.' },
  },
  example: {
    transactions: [
      {
        id: 'till-7/2026-11-21/000123',
        kind: 'checkout',
        status: 'accepted',
        reason: null,
        member: 'm-1001',
        store: 'almaty-12',
        acceptedAt: '2026-11-21T13:04:11.020Z',
        ruleSet: 14,
        gross: 399800,
        discount: 79960,
        payable: 269840,
      },
    ],
    next: null,
  },
};
const PARAMS = { id: name('Id of the transaction, encoded.') };
const UNKNOWN = { 404: problem('There is no such transaction, or it is of other stores.') };
const page = (summary: string, more: object) =>
  looks({
    tag: TAG,
    summary,
    description: `From ClickHouse, about a second behind. At most ${DAYS_MAX} days at once.`,
    query: { ...FILTERS, ...more },
    answers: { 200: json('A page, newest first.', PAGE), 503: problem('ClickHouse is away.') },
  });

/** Transactions of everybody: found, looked at, and decided again. */
export function transactionApiRoutes(ports: LedgerApiPorts): readonly ApiRoute[] {
  const status = { status: { type: 'string', enum: ['accepted', 'rejected'] } };
  const reading = { method: 'GET', permission: 'members.read' } as const;
  return [
    {
      ...reading,
      url: TRANSACTIONS,
      schema: page('Transactions, newest first', status),
      answer: (ask) => search(ports, ask, textIn(ask.query, 'status')),
    },
    {
      ...reading,
      url: '/api/v1/rejections',
      schema: page('What was rejected, and why', {}),
      answer: (ask) => search(ports, ask, 'rejected'),
    },
    {
      ...reading,
      url: `${TRANSACTIONS}/:id`,
      schema: looks({
        tag: TAG,
        summary: 'A transaction with its decision, from the ledger',
        params: PARAMS,
        answers: { 200: json('The transaction and its outcome.'), ...UNKNOWN },
      }),
      answer: async (ask) => ({ body: await found(ports, ask) }),
    },
    {
      method: 'POST',
      url: `${TRANSACTIONS}/:id/replay`,
      // It shows what other versions, drafts of others among them, would have given.
      permission: 'rules.try',
      schema: changes({
        tag: TAG,
        summary: 'Decides a transaction of the past again, and writes nothing',
        description:
          'Under its own version the record has to come out byte by byte (`isEqual`); under ' +
          'another one the differences are told.',
        params: PARAMS,
        body: object(
          { version: name('Its number, its hash or `applied`; without it, its own.') },
          { example: { version: '14' } },
        ),
        answers: { 200: json('What it decides, and what differs.'), ...UNKNOWN },
      }),
      answer: (ask) => replay(ports, ask),
    },
  ];
}

async function search(
  ports: LedgerApiPorts,
  { query, caller }: Ask,
  status: string | undefined,
): Promise<Answer> {
  const given = textIn(query, 'to');
  const before = textIn(query, 'before');
  const end = before === undefined ? ports.now() : endOf(before);
  const to = given === undefined ? end : Date.parse(given);
  const begin = textIn(query, 'from');
  const from = begin === undefined ? to - DAY : Date.parse(begin);
  if (!(from < to) || to - from > DAYS_MAX * DAY) {
    const detail = `\`from\` lies before \`to\`, by at most ${DAYS_MAX} days.`;
    fail(400, 'invalid-request', detail, { path: '/from' });
  }
  const { stores, partners } = caller;
  const limit = Number(query['limit'] ?? PAGE_DEFAULT);
  const text = (field: string) => textIn(query, field);
  const found = await ports.search({
    from,
    to,
    limit,
    status,
    before,
    member: text('member'),
    store: text('store'),
    partner: text('partner'),
    region: text('region'),
    kind: text('kind'),
    reason: text('reason'),
    stores,
    partners,
  });
  return { body: found };
}

/** What belongs to others is not there. */
async function found(ports: LedgerApiPorts, { params, caller }: Ask) {
  const { id = '' } = params;
  const recorded = await ports.find(id);
  const isOwn =
    recorded &&
    reaches(caller.stores, recorded.store) &&
    reaches(caller.partners, recorded.partner);
  return isOwn ? recorded : fail(404, 'unknown-transaction', 'There is no such transaction.');
}

async function replay(ports: LedgerApiPorts, ask: Ask): Promise<Answer> {
  const { id } = await found(ports, ask);
  const result = await ports.replay(id, textIn(ask.body, 'version'));
  if (result.ok) return { body: result.replayed };
  const { code, message } = result;
  const isUnknown = code === 'unknown-rule-set';
  return fail(isUnknown ? 404 : 422, code, `${message}.`, isUnknown ? { path: '/version' } : {});
}
