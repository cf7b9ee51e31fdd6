import type { Random } from './random.ts';
import type { CheckoutJson } from './transaction-json.ts';

/**
 * Ways to spoil a checkout, each of them seen from a till one day. Every one must come back as a
 * rejection; its neighbours must not notice.
 */
const SPOILERS: readonly ((checkout: CheckoutJson) => unknown)[] = [
  ({ lines: _, ...rest }) => rest,
  (checkout) => ({ ...checkout, lines: [] }),
  (checkout) => ({ ...checkout, kind: 'purchase' }),
  (checkout) => ({ ...checkout, store: 'no-such-store' }),
  (checkout) => ({ ...checkout, occurredAt: 'yesterday' }),
  (checkout) => ({ ...checkout, currency: 'tenge' }),
  (checkout) => ({ ...checkout, lines: spoilFirst(checkout, { price: -1 }) }),
  (checkout) => ({ ...checkout, lines: spoilFirst(checkout, { price: 2 ** 53 }) }),
  (checkout) => ({ ...checkout, lines: spoilFirst(checkout, { price: null }) }),
  (checkout) => ({ ...checkout, lines: spoilFirst(checkout, { quantity: 'two' }) }),
  (checkout) => ({ ...checkout, lines: spoilFirst(checkout, { quantity: '1.0001' }) }),
  (checkout) => ({ ...checkout, lines: [...checkout.lines, ...checkout.lines] }),
  (checkout) => ({ ...checkout, discount: 500 }),
  (checkout) => ({ ...checkout, member: ['m-000001'] }),
  (checkout) => checkout.id,
];

/** A checkout that cannot be accepted. It keeps its id where it still can have one. */
export function spoil(random: Random, checkout: CheckoutJson): unknown {
  return random.pick(SPOILERS)(checkout);
}

function spoilFirst(checkout: CheckoutJson, change: Record<string, unknown>): unknown[] {
  const [first, ...rest] = checkout.lines;
  return [{ ...first, ...change }, ...rest];
}
