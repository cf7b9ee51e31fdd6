import type { CalendarDuration } from '../../time/duration.ts';
import type { Moment } from '../../time/moment.ts';
import { quoted } from '../diagnostic.ts';
import { word } from '../shape/scalars.ts';
import { isPlainObject, report, type Shape } from '../shape/shape.ts';
import { optional, record } from '../shape/structures.ts';
import { duration, moment } from './time.ts';

/** When points become spendable, as written. */
export type DocumentCredit =
  | { readonly kind: 'at-checkout' }
  | { readonly kind: 'on-delivery' }
  | { readonly kind: 'after'; readonly duration: CalendarDuration }
  | { readonly kind: 'at'; readonly at: Moment };

const creditWord = word(['at-checkout', 'on-delivery']);
const creditRecord = record({
  after: optional(duration, 'so long after the checkout'),
  at: optional(moment, 'at this moment'),
});

export const credit: Shape<DocumentCredit> = {
  decode: (value, at): DocumentCredit | undefined => {
    if (!isPlainObject(value)) {
      const kind = creditWord.decode(value, at);
      return kind === undefined ? undefined : { kind };
    }
    const found = creditRecord.decode(value, at);
    if (found?.after !== undefined && found.at === undefined) {
      return { kind: 'after', duration: found.after };
    }
    if (found?.at !== undefined && found.after === undefined) return { kind: 'at', at: found.at };
    return report(at, {
      code: 'wrong-type',
      message: `${quoted(value)} does not say when points are credited`,
      hint: 'write at-checkout, on-delivery, { after: P14D } or { at: 2026-12-31 }',
    });
  },
  schema: (definitions) => ({
    anyOf: [creditWord.schema(definitions), creditRecord.schema(definitions)],
  }),
};
