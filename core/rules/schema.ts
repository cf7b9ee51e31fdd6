import { ruleSetDocument } from './document.ts';
import type { Definitions, JsonSchema } from './shape/shape.ts';

/**
 * JSON Schema of a rule-set document, made from the same definitions that decode it. Editors
 * complete and check rule files with it; whether names resolve only the compiler can tell.
 */
export function ruleSetSchema(): JsonSchema {
  const definitions: Definitions = new Map();
  const { type, properties, additionalProperties } = ruleSetDocument.schema(definitions);
  const sorted = [...definitions].sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Arbiter rule set',
    type: type ?? 'object',
    properties: properties ?? {},
    additionalProperties: additionalProperties ?? false,
    $defs: Object.fromEntries(sorted),
  };
}
