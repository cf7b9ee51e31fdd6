import { quoted } from '../diagnostic.ts';
import { type Cursor, down, isPlainObject, report } from '../shape/shape.ts';
import { PARAMETER_NAMES } from './benefit-arguments.ts';
import { LIMIT_NAMES } from './limits.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Parts of a promotion that a place may replace as a whole. */
const PARTS = ['period', 'hours', 'channels', 'when', 'lines', 'benefits'];

/** More levels than country, zone, region, store: a loop in `parent`, reported elsewhere. */
const LEVELS_MAX = 8;

interface Given {
  readonly promotion: Raw;
  /** The whole of `regions.with`. */
  readonly given: Raw;
  readonly at: Cursor;
}

/**
 * The promotion as it is written for one place: the parameters of its ancestors first, then its
 * own, so that the most specific wins. A parameter is the name of an argument that some benefit
 * of the promotion has, a limit, or a part of the promotion.
 */
export function parametersAt(place: string, { promotion, given, at }: Given): Raw | undefined {
  let patched = promotion;
  for (const level of levelsOf(place, at.parentOf).reverse()) {
    const parameters = Object.hasOwn(given, level) ? given[level] : undefined;
    if (!isPlainObject(parameters)) {
      if (level === place) return notParameters(parameters, at);
      continue;
    }
    for (const [name, value] of Object.entries(parameters)) {
      const next = withParameter(patched, name, value);
      if (next === undefined) return unknownParameter(name, down(at, name));
      patched = next;
    }
  }
  return patched;
}

/** The place and its ancestors, the place first. */
function levelsOf(place: string, parentOf: ReadonlyMap<string, string>): string[] {
  const levels: string[] = [];
  let level: string | undefined = place;
  while (level !== undefined && levels.length < LEVELS_MAX) {
    levels.push(level);
    level = parentOf.get(level);
  }
  return levels;
}

function withParameter(promotion: Raw, name: string, value: unknown): Raw | undefined {
  if (PARTS.includes(name)) return { ...promotion, [name]: value };
  const limits = isPlainObject(promotion['limits']) ? promotion['limits'] : {};
  if (name === 'limits' && isPlainObject(value)) {
    return { ...promotion, limits: { ...limits, ...value } };
  }
  if (LIMIT_NAMES.includes(name)) return { ...promotion, limits: { ...limits, [name]: value } };
  if (PARAMETER_NAMES.has(name)) return withArgument(promotion, name, value);
  return undefined;
}

/** Changes the argument in each benefit that has it; none may be invented. */
function withArgument(promotion: Raw, name: string, value: unknown): Raw | undefined {
  const { benefits } = promotion;
  if (!isPlainObject(benefits) || !Array.isArray(benefits['list'])) return undefined;
  let found = false;
  const list = benefits['list'].map((benefit: unknown) => {
    if (!isPlainObject(benefit)) return benefit;
    const entries = Object.entries(benefit).map(([kind, given]) => {
      if (!isPlainObject(given) || !Object.hasOwn(given, name)) return [kind, given];
      found = true;
      return [kind, { ...given, [name]: value }];
    });
    return Object.fromEntries(entries);
  });
  return found ? { ...promotion, benefits: { ...benefits, list } } : undefined;
}

function notParameters(value: unknown, at: Cursor): undefined {
  return report(at, {
    code: 'wrong-type',
    message: `${quoted(value)} is not an object of parameters`,
    hint: 'write what differs, such as `{ percent: 25 }`',
  });
}

function unknownParameter(name: string, at: Cursor): undefined {
  return report(at, {
    code: 'unknown-parameter',
    message: `no benefit of this promotion has ${quoted(name)}`,
    hint: 'name an argument that a benefit has, a limit, or a part such as `period`',
  });
}
