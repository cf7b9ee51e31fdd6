/**
 * The JSON shapes of the transactions that traffic is made of, as `docs/rule-language.md` has
 * them. What leaves this process is untrusted to the processor anyway; these types only keep our
 * own traffic honest.
 */
export type TransactionJson = CheckoutJson | ReturnJson | CancelJson | EnrolJson;

export interface CheckoutJson {
  id: string;
  kind: 'checkout' | 'quote';
  member?: string;
  store: string;
  channel: string;
  occurredAt: string;
  currency?: string;
  tender?: string;
  lines: LineJson[];
  delivery?: number;
  codes?: string[];
  pay?: { points: string; amount: number };
}

export interface LineJson {
  id: string;
  sku: string;
  category?: readonly string[];
  brand?: string;
  /** An integer, or decimal text with at most three places. */
  quantity: number | string;
  /** Of one unit, in minor units. */
  price: number;
  flags?: readonly string[];
  fields?: Readonly<Record<string, string | number | boolean>>;
}

export interface ReturnJson {
  id: string;
  kind: 'return';
  member?: string;
  checkout: string;
  lines: { id: string; quantity: number | string }[];
  store: string;
  occurredAt: string;
}

export interface CancelJson {
  id: string;
  kind: 'cancel';
  member?: string;
  checkout: string;
  occurredAt: string;
}

export interface EnrolJson {
  id: string;
  kind: 'enrol';
  member: string;
  store?: string;
  occurredAt?: string;
  birthday?: string;
  segments?: readonly string[];
  fields?: Readonly<Record<string, string | number | boolean>>;
}
