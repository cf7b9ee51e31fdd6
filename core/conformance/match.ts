import { isJson, type Json } from './fixture.ts';

/** The first place where an answer is not what was expected. */
export interface Difference {
  /** JSON pointer into the answer. */
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/**
 * Compares an answer with a subset of it. Objects are matched by the keys given; `lines` by
 * order; `points` by `type`; `awards` and `notApplied` by `promotion`, and complete; other lists
 * of objects by `id`. Everything else has to be equal.
 */
export function difference(expected: unknown, actual: unknown, path = ''): Difference | undefined {
  if (isJson(expected)) return objectDifference(expected, actual, path);
  if (Array.isArray(expected)) return listDifference(expected, actual, path);
  const absent = expected === null && actual === undefined;
  return absent || Object.is(expected, actual) ? undefined : { path, expected, actual };
}

function objectDifference(expected: Json, actual: unknown, path: string): Difference | undefined {
  if (!isJson(actual)) return { path, expected, actual };
  return first(Object.keys(expected), (key) =>
    difference(
      expected[key],
      Object.hasOwn(actual, key) ? actual[key] : undefined,
      `${path}/${key}`,
    ),
  );
}

function first<T>(
  items: readonly T[],
  compare: (item: T, index: number) => Difference | undefined,
): Difference | undefined {
  for (const [index, item] of items.entries()) {
    const found = compare(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

function listDifference(
  expected: readonly unknown[],
  actual: unknown,
  path: string,
): Difference | undefined {
  if (!Array.isArray(actual)) return { path, expected, actual };
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'lines') return byOrder(expected, actual, path);
  if (name === 'points') return byKey(expected, actual, { path, key: 'type' });
  if (name === 'awards' || name === 'notApplied') return complete(expected, actual, path);
  if (expected.length > 0 && expected.every((one) => isJson(one) && 'id' in one)) {
    return byKey(expected, actual, { path, key: 'id' });
  }
  if (expected.length !== actual.length) return { path, expected, actual };
  return byOrder(expected, actual, path);
}

function byOrder(
  expected: readonly unknown[],
  actual: readonly unknown[],
  path: string,
): Difference | undefined {
  return first(expected, (one, index) => difference(one, actual[index], `${path}/${index}`));
}

function byKey(
  expected: readonly unknown[],
  actual: readonly unknown[],
  { path, key }: { path: string; key: string },
): Difference | undefined {
  return first(expected, (one) => {
    const name = isJson(one) ? one[key] : one;
    const found = actual.find((other) => isJson(other) && other[key] === name);
    const place = `${path}/${String(name)}`;
    if (found === undefined && key === 'type') return difference(one, zeros(one), place);
    return difference(one, found, place);
  });
}

/** A missing row of points counts as zeros. */
function zeros(expected: unknown): Json {
  const keys = isJson(expected) ? Object.entries(expected) : [];
  return Object.fromEntries(
    keys.map(([key, value]) => [key, typeof value === 'number' ? 0 : value]),
  );
}

function complete(
  expected: readonly unknown[],
  actual: readonly unknown[],
  path: string,
): Difference | undefined {
  const waiting = [...actual];
  const found = first(expected, (one) => {
    const index = bestFit(one, waiting);
    const [fit] = index < 0 ? [undefined] : waiting.splice(index, 1);
    return difference(one, fit, `${path}/${nameOf(one)}`);
  });
  if (found !== undefined || waiting.length === 0) return found;
  return { path: `${path}/${nameOf(waiting[0])}`, expected: undefined, actual: waiting[0] };
}

/** Of several rows of the same promotion, the one that matches, or else the first. */
function bestFit(expected: unknown, rows: readonly unknown[]): number {
  const same = (row: unknown) => nameOf(row) === nameOf(expected);
  const exact = rows.findIndex((row) => same(row) && difference(expected, row) === undefined);
  return exact >= 0 ? exact : rows.findIndex(same);
}

function nameOf(row: unknown): string {
  return isJson(row) ? String(row['promotion']) : String(row);
}
