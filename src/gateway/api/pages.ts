/** Rows of one page. */
export const PAGE_MAX = 200;
const PAGE_DEFAULT = 50;

/** Query of a list that is numbered from 1, newest first. */
export const PAGE_QUERY = {
  limit: {
    type: 'integer',
    minimum: 1,
    maximum: PAGE_MAX,
    default: PAGE_DEFAULT,
    description: 'Rows of a page.',
  },
  before: {
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'The `next` of the page before.',
  },
};

/** A page of what is numbered: the newest first, and where the next page begins. */
export async function numberedPage<T>(
  query: Readonly<Record<string, unknown>>,
  last: number,
  get: (number: number) => Promise<T | undefined>,
): Promise<{ readonly rows: readonly T[]; readonly next: number | null }> {
  const limit = typeof query['limit'] === 'number' ? query['limit'] : PAGE_DEFAULT;
  const before = typeof query['before'] === 'number' ? query['before'] : last + 1;
  const first = Math.min(before - 1, last);
  const numbers: number[] = [];
  for (let at = first; at > Math.max(0, first - limit); at -= 1) numbers.push(at);
  const found = await Promise.all(numbers.map(get));
  const oldest = numbers.at(-1) ?? 0;
  return {
    rows: found.flatMap((one) => (one === undefined ? [] : [one])),
    next: oldest > 1 ? oldest : null,
  };
}
