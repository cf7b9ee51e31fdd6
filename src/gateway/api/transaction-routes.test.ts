import { expect, test } from 'vitest';
import type { TransactionFilter } from '../../transaction-list/transaction-search.ts';
import type { Ask } from './route.ts';
import { transactionApiRoutes } from './transaction-routes.ts';

/** What a search looks through, page after page, while the clock goes on. */

const DAY = 86_400_000;
const NOON = Date.UTC(2026, 10, 21, 12);

function searching() {
  const asked: TransactionFilter[] = [];
  let now = NOON;
  const away = async () => {
    throw new Error('not asked for here');
  };
  const routes = transactionApiRoutes({
    search: async (filter) => {
      asked.push(filter);
      return { transactions: [], next: `${NOON - asked.length}-0-7-${filter.to}` };
    },
    find: away,
    replay: away,
    now: () => {
      now += 3_600_000;
      return now;
    },
  });
  const route = routes.find(({ url }) => url === '/api/v1/transactions');
  const caller = { name: 'x', stores: 'all', partners: 'all', may: () => true } as const;
  const ask = async (query: Ask['query']): Promise<string> => {
    const given = { caller, params: {}, query, body: {}, headers: {} };
    if (!route) throw new Error('there is no search');
    const { body } = await route.answer(given);
    return (body as { readonly next: string }).next;
  };
  return { asked, ask };
}

test('without an end all pages look through the day that the first one began with', async () => {
  const { asked, ask } = searching();
  const first = await ask({});
  await ask({ before: await ask({ before: first }) });
  const to = NOON + 3_600_000;
  expect(asked.map((filter) => [filter.from, filter.to])).toEqual(
    Array.from({ length: 3 }, () => [to - DAY, to]),
  );
  expect(asked.map(({ before }) => before)).toEqual([
    undefined,
    `${NOON - 1}-0-7-${to}`,
    `${NOON - 2}-0-7-${to}`,
  ]);
});

test('with an end that one counts, whatever the cursor says', async () => {
  const { asked, ask } = searching();
  await ask({ to: '2026-11-20T00:00:00Z', before: `1-0-7-${NOON}` });
  expect(asked[0]?.to).toBe(Date.UTC(2026, 10, 20));
});
