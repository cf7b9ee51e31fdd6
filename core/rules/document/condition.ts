import type { FactType } from '../conditions/definition.ts';
import { FACTS, findFact, findLineFact } from '../conditions/list.ts';
import { quoted } from '../diagnostic.ts';
import { LINE_FACTS } from '../lines/facts/list.ts';
import { nearest } from '../shape/nearest.ts';
import {
  type Cursor,
  type Definitions,
  down,
  isPlainObject,
  type JsonSchema,
  report,
  type Shape,
} from '../shape/shape.ts';
import { type DocumentTest, decodeOperators, operatorsOf, testSchema } from './test.ts';

/** A condition as written, with the place of each fact for later messages. */
export type DocumentCondition =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly DocumentCondition[] }
  | { readonly kind: 'not'; readonly part: DocumentCondition }
  | {
      readonly kind: 'fact';
      readonly fact: string;
      readonly test: DocumentTest;
      readonly path: string;
    };

/** `all`, `any` and `not` inside each other. */
export const CONDITION_DEPTH_MAX = 16;
/** Parts of one `all` or `any`. */
export const PARTS_MAX = 200;

interface Fact {
  readonly name: string;
  readonly parameter: { readonly label: string } | undefined;
  readonly type: FactType;
  readonly many: boolean;
  readonly summary: string;
}

/** Which facts may be named: those of a checkout, or those of one line. */
interface Vocabulary {
  readonly title: string;
  readonly facts: readonly Fact[];
  readonly find: (name: string) => { readonly definition: Fact } | undefined;
}

const CHECKOUT: Vocabulary = { title: 'condition', facts: FACTS, find: findFact };
const LINE: Vocabulary = { title: 'lineCondition', facts: LINE_FACTS, find: findLineFact };

/** A `when`: facts of the checkout, its member and its place. */
export const condition: Shape<DocumentCondition> = conditionOver(CHECKOUT);
/** The filter of a line scope: facts of one line. */
export const lineCondition: Shape<DocumentCondition> = conditionOver(LINE);

function conditionOver(vocabulary: Vocabulary): Shape<DocumentCondition> {
  return {
    decode: (value, at) => decode(value, { at, vocabulary, depth: 0 }),
    schema: (definitions) => {
      if (!definitions.has(vocabulary.title)) {
        definitions.set(vocabulary.title, {});
        definitions.set(vocabulary.title, schemaOf(vocabulary, definitions));
      }
      return { $ref: `#/$defs/${vocabulary.title}` };
    },
  };
}

interface Context {
  readonly at: Cursor;
  readonly vocabulary: Vocabulary;
  readonly depth: number;
}

function decode(value: unknown, context: Context): DocumentCondition | undefined {
  const { at, depth } = context;
  if (depth > CONDITION_DEPTH_MAX) {
    return report(at, {
      code: 'too-deep',
      message: `conditions nest deeper than ${CONDITION_DEPTH_MAX} levels`,
      hint: 'flatten `all`, `any` and `not`',
    });
  }
  if (!isPlainObject(value) || Object.keys(value).length > PARTS_MAX) {
    return report(at, {
      code: 'wrong-type',
      message: `${quoted(value)} is not a condition`,
      hint: 'write `all`, `any`, `not`, or a fact with its test',
    });
  }
  const before = at.problems.errors;
  const parts = Object.entries(value).flatMap(([key, part]) =>
    decodeKey(key, part, { ...context, at: down(at, key) }),
  );
  if (at.problems.errors > before) return undefined;
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: 'all', parts };
}

function decodeKey(key: string, value: unknown, context: Context): readonly DocumentCondition[] {
  if (key === 'all' || key === 'any') return decodeParts(key, value, context);
  if (key === 'not') {
    const part = decode(value, { ...context, depth: context.depth + 1 });
    return part === undefined ? [] : [{ kind: 'not', part }];
  }
  if (key === 'fields' && isPlainObject(value)) {
    return Object.entries(value).flatMap(([name, test]) =>
      decodeFact(`fields.${name}`, test, { ...context, at: down(context.at, name) }),
    );
  }
  return decodeFact(key, value, context);
}

function decodeParts(
  kind: 'all' | 'any',
  value: unknown,
  context: Context,
): readonly DocumentCondition[] {
  const { at, depth } = context;
  if (!Array.isArray(value) || value.length === 0 || value.length > PARTS_MAX) {
    report(at, {
      code: 'wrong-type',
      message: `\`${kind}\` needs a list of 1 to ${PARTS_MAX} conditions`,
      hint: 'write a list of conditions',
    });
    return [];
  }
  const parts = value.flatMap((part: unknown, index) => {
    const decoded = decode(part, { ...context, at: down(at, index), depth: depth + 1 });
    return decoded === undefined ? [] : [decoded];
  });
  return [{ kind, parts }];
}

function decodeFact(name: string, value: unknown, context: Context): readonly DocumentCondition[] {
  const { at, vocabulary } = context;
  const found = vocabulary.find(name);
  if (found === undefined) {
    const known = vocabulary.facts.map((fact) => fact.name);
    const guess = nearest(name, known);
    report(at, {
      code: 'unknown-fact',
      message: `${quoted(name)} is not a fact`,
      hint: guess === undefined ? `use one of ${known.join(', ')}` : `did you mean \`${guess}\`?`,
    });
    return [];
  }
  const operators = operatorsOf(found.definition);
  const tests = decodeOperators(operators, spelledOut(value, found.definition), at);
  if (tests.length === 0 && isPlainObject(value) && Object.keys(value).length === 0) {
    report(at, { code: 'missing-field', message: 'the test is empty', hint: 'add an operator' });
  }
  return tests.map((test) => ({ kind: 'fact', fact: name, test, path: at.path }));
}

/** `sku: A` means `is`, `sku: [A, B]` means `in`; a plain value of a list fact means `has`. */
function spelledOut(value: unknown, fact: Fact): Readonly<Record<string, unknown>> {
  if (isPlainObject(value)) return value;
  if (Array.isArray(value)) return { in: value };
  return fact.many && fact.type === 'text' ? { has: value } : { is: value };
}

function schemaOf(vocabulary: Vocabulary, definitions: Definitions): JsonSchema {
  const self = { $ref: `#/$defs/${vocabulary.title}` };
  const parts = { type: 'array', items: self, minItems: 1, maxItems: PARTS_MAX };
  const properties: Record<string, JsonSchema> = { all: parts, any: parts, not: self };
  const patterns: Record<string, JsonSchema> = {};
  for (const fact of vocabulary.facts) {
    const schema = { ...testSchema(fact, definitions), description: fact.summary };
    if (fact.parameter === undefined) properties[fact.name] = schema;
    else patterns[`^${fact.name.replaceAll('.', '\\.')}.+$`] = schema;
  }
  return {
    type: 'object',
    properties,
    patternProperties: patterns,
    additionalProperties: false,
    minProperties: 1,
  };
}
