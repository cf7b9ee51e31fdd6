import { BENEFIT_KINDS, type BenefitKind } from '../benefit.ts';
import { quoted } from '../diagnostic.ts';
import { nearest } from '../shape/nearest.ts';
import { word } from '../shape/scalars.ts';
import {
  type Cursor,
  type Definitions,
  down,
  isPlainObject,
  type JsonSchema,
  report,
  type Shape,
} from '../shape/shape.ts';
import {
  type Decoded,
  defaulted,
  optional,
  record,
  reportUnknownKeys,
} from '../shape/structures.ts';
import { argumentsOf, type BenefitArguments } from './benefit-arguments.ts';
import { lines } from './lines.ts';

/** Made when the first benefit is read: by then every kind has been defined. */
const known = new Map<BenefitKind, ReturnType<typeof argumentsOf>>();
function shapeOf(kind: BenefitKind): ReturnType<typeof argumentsOf> {
  const shape = known.get(kind) ?? argumentsOf(kind);
  known.set(kind, shape);
  return shape;
}

const COMMON = {
  target: defaulted(word(['lines', 'order', 'delivery']), 'lines', 'what the benefit acts on'),
  lines: optional(lines, "narrows the promotion's lines for this benefit"),
  times: optional(word(['bundles']), 'multiplies it by the number of complete bundles'),
};

/** A benefit as written. */
export type DocumentBenefit = BenefitArguments & {
  readonly common: Decoded<typeof COMMON>;
  readonly path: string;
};

const common = record(COMMON);
const COMMON_NAMES = Object.keys(COMMON);

/** `{ KIND: { …, target, lines, times } }`; the last three may also stand beside the kind. */
export const benefit: Shape<DocumentBenefit> = {
  decode: (value, at) => {
    const kind = kindOf(value, at);
    if (kind === undefined || !isPlainObject(value)) return undefined;
    reportUnknownKeys(value, [kind, ...COMMON_NAMES], at);

    const given = value[kind];
    const inside = isPlainObject(given) ? given : { [shapeOf(kind).plain]: given };
    const before = at.problems.errors;
    const shared = { ...pick(value, true), ...pick(inside, true) };
    const decoded = common.decode(shared, down(at, kind));
    const own = shapeOf(kind).decode(pick(inside, false), down(at, kind));
    if (decoded === undefined || own === undefined || at.problems.errors > before) return undefined;
    return { ...own, common: decoded, path: at.path };
  },
  schema: (definitions) => ({ anyOf: BENEFIT_KINDS.map((kind) => schemaOf(kind, definitions)) }),
};

function pick(value: Readonly<Record<string, unknown>>, shared: boolean): Record<string, unknown> {
  const entries = Object.entries(value).filter(([key]) => COMMON_NAMES.includes(key) === shared);
  return Object.fromEntries(entries);
}

function kindOf(value: unknown, at: Cursor): BenefitKind | undefined {
  const keys = isPlainObject(value) ? Object.keys(value) : [];
  const kinds = BENEFIT_KINDS.filter((kind) => keys.includes(kind));
  if (kinds.length === 1) return kinds[0];

  const guess = keys.map((key) => nearest(key, BENEFIT_KINDS)).find((one) => one !== undefined);
  const isNone = kinds.length === 0;
  const culprit = isNone ? (keys[0] ?? value) : kinds.join(', ');
  return report(at, {
    code: isNone ? 'unknown-benefit' : 'wrong-type',
    message: `${quoted(culprit)} is not one benefit`,
    hint:
      guess !== undefined && isNone
        ? `did you mean \`${guess}\`?`
        : `use one of ${BENEFIT_KINDS.join(', ')}, one for each entry of the list`,
  });
}

function schemaOf(kind: BenefitKind, definitions: Definitions): JsonSchema {
  const argumentsSchema = shapeOf(kind).schema(definitions);
  const shared = common.schema(definitions)['properties'] as JsonSchema;
  const inside = {
    ...argumentsSchema,
    properties: { ...(argumentsSchema['properties'] as JsonSchema), ...shared },
  };
  return {
    type: 'object',
    description: shapeOf(kind).summary,
    properties: { [kind]: inside, ...shared },
    required: [kind],
    additionalProperties: false,
  };
}
