import { LINE_FACTS } from '../lines/facts/list.ts';
import type { FactDefinition, LineFactDefinition } from './definition.ts';
import { channel } from './facts/channel.ts';
import { checkoutFields } from './facts/checkout-fields.ts';
import { codes } from './facts/codes.ts';
import { eventFields } from './facts/event-fields.ts';
import { location } from './facts/location.ts';
import { memberAge } from './facts/member-age.ts';
import { memberBirthday } from './facts/member-birthday.ts';
import { memberCheckouts } from './facts/member-checkouts.ts';
import { memberFields } from './facts/member-fields.ts';
import { memberFirstOrder } from './facts/member-first-order.ts';
import { memberId } from './facts/member-id.ts';
import { memberKnown } from './facts/member-known.ts';
import { memberPartners } from './facts/member-partners.ts';
import { memberPoints } from './facts/member-points.ts';
import { memberPurchases } from './facts/member-purchases.ts';
import { memberSegments } from './facts/member-segments.ts';
import { memberSpend } from './facts/member-spend.ts';
import { memberTier } from './facts/member-tier.ts';
import { memberTierOfGroup } from './facts/member-tier-of-group.ts';
import { partner } from './facts/partner.ts';
import { quantity } from './facts/quantity.ts';
import { region } from './facts/region.ts';
import { store } from './facts/store.ts';
import { tender } from './facts/tender.ts';
import { currentTotal } from './facts/total-current.ts';
import { initialTotal } from './facts/total-initial.ts';

/** Every fact a `when` may name. A new kind is its file and one line here. */
export const FACTS: readonly FactDefinition[] = [
  initialTotal,
  currentTotal,
  quantity,
  ...LINE_FACTS.map(anyLine),
  memberKnown,
  memberId,
  memberTier,
  memberTierOfGroup,
  memberSegments,
  memberPartners,
  memberAge,
  memberBirthday,
  memberFirstOrder,
  memberCheckouts,
  memberPurchases,
  memberSpend,
  memberPoints,
  memberFields,
  partner,
  store,
  region,
  channel,
  codes,
  tender,
  checkoutFields,
  eventFields,
  location,
];

export interface FoundFact<D> {
  readonly definition: D;
  readonly parameter: string;
}

/** The definition of a fact as written, e.g. `member.fields.city`. */
export function findFact(name: string): FoundFact<FactDefinition> | undefined {
  return find(FACTS, name);
}

/** The definition of a fact of a line, as written in a line scope. */
export function findLineFact(name: string): FoundFact<LineFactDefinition> | undefined {
  return find(LINE_FACTS, name);
}

function find<D extends LineFactDefinition | FactDefinition>(
  definitions: readonly D[],
  name: string,
): FoundFact<D> | undefined {
  for (const definition of definitions) {
    if (definition.parameter === undefined) {
      if (definition.name === name) return { definition, parameter: '' };
    } else if (name.startsWith(definition.name)) {
      const parameter = name.slice(definition.name.length);
      if (definition.parameter.pattern.test(parameter)) return { definition, parameter };
    }
  }
  return undefined;
}

/** In `when`, a fact of a line has the values of all lines: any line may make it true. */
function anyLine(definition: LineFactDefinition): FactDefinition {
  return {
    ...definition,
    name: `line.${definition.name}`,
    many: true,
    summary: `of any line: ${definition.summary}`,
    cost: definition.cost * 5,
    reader: (parameter) => {
      const read = definition.reader(parameter);
      return (facts) => {
        const values = facts.lines.flatMap((line) => scalarsOf(read(line)));
        return values.length === 0 ? undefined : values;
      };
    },
  };
}

function scalarsOf(value: ReturnType<ReturnType<LineFactDefinition['reader']>>) {
  if (value === undefined) return [];
  return typeof value === 'object' ? [...(value as readonly string[])] : [value];
}
