import { LINE_FACTS } from '../lines/facts.ts';
import { channel, checkoutFields, codes, eventFields, tender } from './checkout.ts';
import type { FactDefinition, LineFactDefinition } from './definition.ts';
import { location } from './location.ts';
import {
  memberFields,
  memberId,
  memberKnown,
  memberPartners,
  memberPoints,
  memberSegments,
  memberTier,
  memberTierOfGroup,
} from './member.ts';
import { memberAge, memberBirthday } from './member-age.ts';
import {
  memberCheckouts,
  memberFirstOrder,
  memberPurchases,
  memberSpend,
} from './member-history.ts';
import { partner, region, store } from './place.ts';
import { currentTotal, initialTotal, quantity } from './totals.ts';

/** Every fact a `when` may name. A new kind is one definition and one line here. */
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
