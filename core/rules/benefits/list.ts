import type { BenefitKind } from '../benefit.ts';
import type { FieldMap } from '../shape/structures.ts';
import type { BenefitDefinition } from './definition.ts';
import { discount } from './discount.ts';
import { issueCode } from './issue-code.ts';
import { multiplyPoints } from './multiply-points.ts';
import { partnerDiscount } from './partner-discount.ts';
import { payWithPoints } from './pay-with-points.ts';
import { pointsBenefit } from './points.ts';
import { price } from './price.ts';
import { round } from './round.ts';
import { text } from './text.ts';
import { topUp } from './top-up.ts';

/** Every benefit kind. A new one is its file and one line here. */
export const BENEFITS = {
  discount,
  price,
  round,
  'pay-with-points': payWithPoints,
  points: pointsBenefit,
  'multiply-points': multiplyPoints,
  'partner-discount': partnerDiscount,
  text,
  'issue-code': issueCode,
  'top-up': topUp,
} satisfies { readonly [K in BenefitKind]: { readonly kind: K } };

/** The definition of a kind that is only known at run time. */
export function definitionOf(kind: BenefitKind): BenefitDefinition<BenefitKind, FieldMap> {
  // Whoever asks hands over arguments and benefits of this very kind.
  return BENEFITS[kind] as unknown as BenefitDefinition<BenefitKind, FieldMap>;
}
