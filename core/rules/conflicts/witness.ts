import type { ArbitrationInput, MemberFacts } from '../../arbitration/decision.ts';
import { formatInstant } from '../../time/instant.ts';
import type { Checkout, Fields } from '../../transaction/transaction.ts';
import type { Witness } from '../diagnostic.ts';
import type { NormalRuleSet } from '../normal.ts';

/** A made-up checkout and its member, as a sender and `arbiter evaluate` would write them. */
export function witnessOf(
  { checkout, member, at }: ArbitrationInput,
  rules: NormalRuleSet,
): Witness {
  const { store, partner, channel, codes, delivery, tender, fields } = checkout;
  const quote = withoutEmpty({
    id: 'witness',
    kind: 'quote',
    member: member?.id,
    occurredAt: formatInstant(at),
    store,
    partner,
    channel,
    tender,
    codes,
    delivery: delivery === 0 ? undefined : delivery,
    fields: written(fields),
    lines: checkout.lines.map(lineOf),
  });
  return { checkout: quote, ...(member === undefined ? {} : { member: memberOf(member, rules) }) };
}

function lineOf(line: Checkout['lines'][number]) {
  const { id, sku, category, brand, partner, quantity, price, flags, fields } = line;
  const plain = { id, sku, category, brand, partner, quantity: quantity / 1_000, price, flags };
  return withoutEmpty({ ...plain, fields: written(fields) });
}

function memberOf(member: MemberFacts, { pointTypes }: NormalRuleSet) {
  const balances = pointTypes.map(({ id, precision }) => [
    id,
    (member.points.get(id) ?? 0) / 10 ** precision,
  ]);
  return withoutEmpty({
    id: member.id,
    birthday: member.birthday,
    segments: [...member.segments],
    partners: [...member.partners],
    fields: written(member.fields),
    tiers: Object.fromEntries(member.tiers),
    points: Object.fromEntries(balances),
    checkouts: member.checkouts === 0 ? undefined : member.checkouts,
  });
}

function written(fields: Fields): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fields);
}

/** What says nothing is left out. */
function withoutEmpty(json: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(json).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.keys(value).length === 0;
}
