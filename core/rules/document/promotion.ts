import type { WeeklyHours } from '../../time/weekly.ts';
import { PROMOTION_TYPES } from '../normal.ts';
import { flag, id, integer, text, word } from '../shape/scalars.ts';
import {
  type Cursor,
  type Definitions,
  down,
  isPlainObject,
  type JsonSchema,
  mapped,
  named,
  type Shape,
} from '../shape/shape.ts';
import {
  type Decoded,
  defaulted,
  dictionary,
  list,
  optional,
  record,
  required,
} from '../shape/structures.ts';
import { benefit } from './benefit.ts';
import { condition } from './condition.ts';
import { promotionLimits } from './limits.ts';
import { lines } from './lines.ts';
import { parametersAt } from './parameters.ts';
import { RETURN_POLICIES } from './program.ts';
import { duration, minuteOfDay, moment, WEEKDAYS } from './time.ts';

const HOURS_MAX = 50;
const CHANNELS_MAX = 100;
const BENEFITS_MAX = 50;
const PLACES_MAX = 10_000;

const repeat = record({
  every: required(duration, 'from one beginning to the next: days, weeks or hours'),
  for: required(duration, 'how long each lasts'),
});

const period = record({
  start: optional(moment, 'included'),
  end: optional(moment, 'excluded'),
  for: optional(duration, 'instead of `end`: so long after the start'),
  repeat: optional(repeat, 'only then, counted from the start by the local clock'),
});

const hours: Shape<WeeklyHours> = mapped(
  record({
    days: defaulted(
      list(word(WEEKDAYS), { min: 1, max: 7, single: true }),
      WEEKDAYS,
      'weekdays; default all',
    ),
    from: defaulted(minuteOfDay, 0, 'local time, included; default 00:00'),
    to: defaulted(
      minuteOfDay,
      1_440,
      'local time, excluded; earlier than `from` means past midnight; default 24:00',
    ),
  }),
  ({ days, from, to }) => {
    const numbers = new Set(days.map((day) => WEEKDAYS.indexOf(day) + 1));
    return { days: [...numbers].sort((left, right) => left - right), from, to };
  },
);

const benefits = record({
  mode: defaulted(word(['sequential', 'parallel']), 'sequential', 'in-promotion arbitration'),
  list: required(
    list(
      named('benefit', () => benefit),
      { min: 1, max: BENEFITS_MAX },
    ),
    'the benefits, in order',
  ),
});

/** Everything that regional parameters may change. */
const BODY = {
  period: optional(period, 'when it runs; half-open'),
  hours: defaulted(list(hours, { max: HOURS_MAX, single: true }), [], 'weekly hours, local time'),
  channels: defaulted(list(id, { max: CHANNELS_MAX }), [], 'sales channels; default all'),
  when: optional(condition, 'what must hold'),
  lines: optional(lines, 'the lines it looks at; default all'),
  benefits: required(benefits, 'what it gives'),
  limits: optional(promotionLimits, 'how much of it'),
};
const body = record(BODY);
const BODY_NAMES = Object.keys(BODY);
const isBodyName = (key: string) => BODY_NAMES.includes(key);
export type DocumentBody = Decoded<typeof BODY>;

const stacking = record({
  category: defaulted(id, 'common', 'common, never, always, or one of program.categories'),
  priority: defaulted(integer({ min: -1_000_000, max: 1_000_000 }), 0, 'higher goes first'),
  exclusive: defaulted(flag, false, 'when it applies, its siblings do not'),
  stopAfter: defaulted(flag, false, 'when it applies, its group ends'),
});

/** Decoded again as a part of the body they make; see `parameters.ts`. */
const parameters: Shape<object> = {
  decode: (value) => (isPlainObject(value) ? value : {}),
  schema: () => ({ type: 'object' }),
};

const places = list(id, { max: PLACES_MAX, single: true });
const regions = record({
  in: defaulted(places, [], 'only in these places'),
  except: defaulted(places, [], 'not in these places'),
  with: defaulted(
    dictionary(parameters, { max: PLACES_MAX }),
    [],
    'parameters that differ by place: arguments of benefits, or parts of the promotion',
  ),
});

const IDENTITY = {
  promotion: required(id, 'the name of the promotion'),
  title: optional(text(), 'what people call it; no effect'),
  description: optional(text(), 'no effect'),
  type: defaulted(word(PROMOTION_TYPES), 'product-discount', 'its campaign type'),
  state: defaulted(
    word(['active', 'draft', 'inactive', 'ended']),
    'active',
    'only active ones run',
  ),
  regions: optional(regions, 'where it runs; default everywhere'),
  stacking: optional(stacking, 'how it goes together with others'),
  deducts: defaulted(flag, false, 'of a trigger: its points are taken instead of given'),
  returns: optional(word(RETURN_POLICIES), 'partial returns of what it gave; default the setting'),
};
const identity = record(IDENTITY);

/** A promotion as written, with one body for each place whose parameters differ. */
export interface DocumentPromotion extends Decoded<typeof IDENTITY> {
  readonly kind: 'promotion';
  readonly path: string;
  readonly body: DocumentBody;
  readonly variants: readonly { readonly place: string; readonly body: DocumentBody }[];
}

export const promotion: Shape<DocumentPromotion> = {
  decode: (written, at) => {
    if (!isPlainObject(written)) return undefined;
    const value = withBenefitList(written);
    const before = at.problems.errors;
    const own = pick(value, (key) => !isBodyName(key));
    const head = identity.decode(own, at);
    const main = body.decode(pick(value, isBodyName), at);
    if (head === undefined || main === undefined || at.problems.errors > before) return undefined;

    const variants = decodeVariants(value, at);
    if (at.problems.errors > before) return undefined;
    return { kind: 'promotion', path: at.path, ...head, body: main, variants };
  },
  schema: promotionSchema,
};

/** A plain list of benefits is the list of a sequential promotion. */
function withBenefitList(value: Readonly<Record<string, unknown>>) {
  return Array.isArray(value['benefits'])
    ? { ...value, benefits: { list: value['benefits'] } }
    : value;
}

function pick(
  value: Readonly<Record<string, unknown>>,
  keep: (key: string) => boolean,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => keep(key)));
}

/** Applies the parameters of each place to the text and decodes that like any other body. */
function decodeVariants(
  value: Readonly<Record<string, unknown>>,
  at: Cursor,
): DocumentPromotion['variants'] {
  const given = isPlainObject(value['regions']) ? value['regions']['with'] : undefined;
  if (!isPlainObject(given)) return [];
  return Object.keys(given).flatMap((place) => {
    const here = down(down(down(at, 'regions'), 'with'), place);
    const patched = parametersAt(place, { promotion: value, given, at: here });
    if (patched === undefined) return [];
    const decoded = body.decode(pick(patched, isBodyName), {
      ...here,
    });
    return decoded === undefined ? [] : [{ place, body: decoded }];
  });
}

function promotionSchema(definitions: Definitions): JsonSchema {
  const [head, main] = [identity.schema(definitions), body.schema(definitions)];
  const merged = (name: string) => ({
    ...(head[name] as Record<string, JsonSchema>),
    ...(main[name] as Record<string, JsonSchema>),
  });
  return {
    type: 'object',
    properties: merged('properties'),
    required: ['promotion', 'benefits'],
    additionalProperties: false,
  };
}
