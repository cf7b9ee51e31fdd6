/**
 * What the OpenAPI document says. The schemas describe; they do not validate, because the rules
 * of a transaction belong to the engine, which records every rejection.
 */

const text = (description: string) => ({ type: 'string', description });
const whole = (description: string) => ({ type: 'integer', description });
const list = (items: object, description: string) => ({ type: 'array', items, description });

const LINE = {
  type: 'object',
  required: ['sku', 'quantity', 'price'],
  properties: {
    id: text('Unique in the checkout; the position, from 1, when left out.'),
    sku: text('The product.'),
    category: list({ type: 'string' }, 'Categories of the product.'),
    brand: text('Brand of the product.'),
    partner: text('Partner who sells the line.'),
    quantity: {
      oneOf: [{ type: 'number' }, { type: 'string' }],
      description: 'Above zero, with at most three decimals.',
    },
    price: whole('Unit price in minor units.'),
    flags: list({ type: 'string' }, 'Marks of the line.'),
    fields: { type: 'object', description: 'Free attributes: text, number or true/false.' },
  },
};

const CHECKOUT = {
  type: 'object',
  required: ['id', 'lines'],
  properties: {
    id: text('Chosen by the sender. Repeating it with the same content is safe.'),
    kind: text('`checkout`, `return`, `cancel` …; a checkout when left out.'),
    member: text('Any identifier of the member; anonymous when left out.'),
    store: text('Where it happens.'),
    partner: text('Whose sale it is.'),
    channel: text('Such as `pos` or `web`.'),
    occurredAt: { type: 'string', format: 'date-time', description: 'With an offset.' },
    currency: text('ISO 4217.'),
    lines: list(LINE, 'At most 500.'),
    delivery: whole('Price of the delivery in minor units.'),
    codes: list({ type: 'string' }, 'Promo codes, at most 30.'),
    pay: {
      type: 'object',
      properties: { points: text('Point type.'), amount: { type: 'number' } },
      description: 'What the member wishes to pay with points.',
    },
    tender: text('Means of payment.'),
    location: {
      type: 'object',
      properties: { lat: { type: 'number' }, lon: { type: 'number' } },
      description: 'Degrees.',
    },
    fields: { type: 'object', description: 'Free attributes.' },
  },
  example: {
    id: 'till-7/2026-11-21/000123',
    kind: 'checkout',
    member: 'm-1001',
    store: 'almaty-12',
    lines: [{ sku: 'TOY-9', category: ['toys'], quantity: 2, price: 199900 }],
  },
};

const OUTCOME = {
  type: 'object',
  required: ['id', 'status'],
  properties: {
    id: { type: 'string' },
    status: { type: 'string', enum: ['accepted', 'rejected', 'exists'] },
    reason: text('Of a rejection: a code of the closed list in docs/reference/reasons.md.'),
    path: text('Of a rejection: JSON pointer to the culprit.'),
    message: text('Of a rejection: one sentence for a person.'),
    ruleSet: { type: 'object', description: 'Version and hash that decided.' },
    totals: { type: 'object', description: 'Gross, discount, payable … in minor units.' },
    lines: list({ type: 'object' }, 'Each line with its awards.'),
    points: list({ type: 'object' }, 'Each account of the member, before and after.'),
    hold: { type: 'object', description: 'Of a hold and its end: id, state and until when.' },
    topUps: list({ type: 'object' }, 'Points that became a top-up of the phone account.'),
    notApplied: list({ type: 'object' }, 'Promotions that gave nothing, each with its reason.'),
  },
};

const PROBLEM = {
  type: 'object',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    instance: { type: 'string' },
  },
};

const content = (schema: object) => ({
  'application/json': { schema },
  'application/msgpack': { schema },
});
const oneOrMany = (schema: object) => ({ oneOf: [schema, { type: 'array', items: schema }] });
const outcomes = (description: string) => ({ description, content: content(oneOrMany(OUTCOME)) });
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: PROBLEM } },
});

const PROBLEMS = {
  400: problem('Malformed JSON or msgpack, or a kind that is not taken here.'),
  413: problem('The body is too large, or has too many transactions.'),
  415: problem('Neither JSON nor msgpack.'),
  503: problem('Too much waits already, or the processor is away. Has `Retry-After`.'),
  504: problem('No durable outcome in time. Repeat it under the same id.'),
};

interface PostTexts {
  readonly summary: string;
  readonly description: string;
}

function post(texts: PostTexts, transaction: object = CHECKOUT): object {
  return {
    ...texts,
    tags: ['transactions'],
    body: { content: content(oneOrMany(transaction)) },
    response: {
      200: outcomes('Accepted, now or before.'),
      207: outcomes('Some were accepted, some rejected.'),
      422: outcomes('Rejected; recorded under the id.'),
      ...PROBLEMS,
    },
  };
}

export const TRANSACTIONS_SCHEMA = {
  checkouts: post({
    summary: 'Checkouts, returns and cancels',
    description: 'One or many. The answer comes after the outcomes are on disk.',
  }),
  transactions: post({
    summary: 'Transactions of any kind',
    description: 'As `/v1/checkouts`, also for enrolments, adjustments and quotes.',
  }),
};

const HOLD = {
  ...CHECKOUT,
  required: ['id', 'member', 'lines'],
  properties: {
    ...CHECKOUT.properties,
    kind: text('`hold`, or left out.'),
    holdFor: text('How long it reserves, like `PT15M`, which is the default; at most a week.'),
  },
  example: { ...CHECKOUT.example, id: 'order-17/hold', kind: 'hold', holdFor: 'PT30M' },
};

const PART = list(
  { type: 'object', properties: { id: text('Of the held line.'), quantity: { type: 'number' } } },
  'What was delivered; without it, all of the hold.',
);

const endOfHold = (kind: string, more: object = {}) => ({
  type: 'object',
  required: ['id', 'member', 'hold'],
  properties: {
    id: text('Of this transaction, not of the hold.'),
    kind: text(`\`${kind}\`, or left out.`),
    member: text('The member of the hold.'),
    hold: text('The id of the hold.'),
    ...more,
    occurredAt: { type: 'string', format: 'date-time', description: 'With an offset.' },
  },
  example: { id: `order-17/${kind}`, kind, member: 'm-1001', hold: 'order-17/hold' },
});

const DELIVERY = {
  type: 'object',
  required: ['id', 'checkout'],
  properties: {
    id: text('Of this transaction, not of the checkout.'),
    kind: text('`deliver`, or left out.'),
    member: text('The member of the checkout, if it has one.'),
    checkout: text('The checkout, or the capture, whose goods arrived.'),
    occurredAt: { type: 'string', format: 'date-time', description: 'With an offset.' },
  },
  example: { id: 'order-17/arrived', kind: 'deliver', member: 'm-1001', checkout: 'order-17' },
};

/** Routes that take one kind of transaction. */
export const KIND_SCHEMAS = {
  hold: post(
    {
      summary: 'Reserve points and limits for a checkout that is not final yet',
      description: 'Decided like a checkout. It ends by a capture, a release, or its time.',
    },
    HOLD,
  ),
  capture: post(
    {
      summary: 'A held checkout happens, as it was decided',
      description: 'A sale under the id of the capture; returns name that.',
    },
    endOfHold('capture', { lines: PART }),
  ),
  release: post(
    {
      summary: 'A held checkout does not happen',
      description: 'Its points go back to their lots, its limits are free again.',
    },
    endOfHold('release'),
  ),
  deliver: post(
    {
      summary: 'The goods of a checkout arrived',
      description: 'Points that wait for it become spendable.',
    },
    DELIVERY,
  ),
};

export const QUOTES_SCHEMA = post({
  summary: 'What a checkout would give',
  description: 'Commits nothing. Without an `id` one is made up.',
});

const LISTED = {
  type: 'object',
  properties: {
    id: text('Of the movement.'),
    externalId: text('Of the transaction, as its sender named it.'),
    createdAt: { type: 'string', format: 'date-time' },
    type: text('`accrual`, `redemption`, `expiry`, `adjustment` … and their reversals.'),
    member: text('The member.'),
    points: text('The point type.'),
    before: { type: 'number', description: 'Spendable balance before it.' },
    value: { type: 'number', description: 'What it added; below zero what it took.' },
    after: { type: 'number', description: '`before` + `value`; the next row begins with it.' },
    sourceType: text('Kind of the transaction: `checkout`, `return`, `tick` …'),
    source: text('The promotion; else the checkout that came back; else the transaction.'),
  },
};

export const TRANSACTION_LIST_SCHEMA = {
  summary: 'Every movement of a member’s spendable points, newest first',
  description: 'Read from ClickHouse, which follows the ledger within about a second.',
  tags: ['members'],
  params: { type: 'object', properties: { id: text('The member.') } },
  querystring: {
    type: 'object',
    properties: {
      limit: whole('Rows of a page, 1 to 500; 50 when left out.'),
      before: text('The `next` of the page before.'),
      points: text('Only this point type.'),
    },
  },
  response: {
    200: {
      description: 'One page.',
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: {
              transactions: list(LISTED, 'Newest first.'),
              next: text('Where the next page begins; null on the last one.'),
            },
          },
        },
      },
    },
    400: problem('A limit or a place that cannot be.'),
    503: problem('ClickHouse is away. Has `Retry-After`.'),
  },
};

export const MEMBER_SCHEMA = {
  summary: 'The balances of a member',
  description:
    'As of now: what expired, matured or ended is shown so, whether it is booked yet or not.',
  tags: ['members'],
  params: {
    type: 'object',
    properties: { id: text('Id of the member, or `card/…` or `phone/…` of it, encoded.') },
  },
  querystring: {
    type: 'object',
    properties: {
      expiringWithin: text(
        'How far ahead expiring points and the `forecast` look, like `P14D`; default `P30D`.',
      ),
    },
  },
  response: {
    200: { description: 'The member.', content: content({ type: 'object' }) },
    400: problem('`expiringWithin` is no length of time.'),
    404: problem('There is no such member.'),
    503: PROBLEMS[503],
  },
};

const status = (summary: string, response: object) => ({ summary, tags: ['status'], response });
const plain = (description: string) => ({ description, type: 'object' });

export const STATUS_SCHEMA = {
  healthz: status('Whether the process is alive', { 200: plain('It is.') }),
  readyz: status('Whether transactions can be processed', {
    200: plain('They can.'),
    503: plain('They cannot; the parts say why.'),
  }),
  metrics: status('Metrics for Prometheus', {
    200: { description: 'Text format.', content: { 'text/plain': { schema: text('Metrics.') } } },
  }),
  openapi: status('This document', { 200: plain('OpenAPI 3.1.') }),
};

export const DOCUMENT = {
  openapi: '3.1.0',
  info: {
    title: 'Arbiter',
    version: '1',
    description: 'Loyalty transactions with a durable outcome.',
  },
};
