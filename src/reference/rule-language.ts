import { BENEFIT_KINDS } from '../../core/rules/benefit.ts';
import { definitionOf } from '../../core/rules/benefits/list.ts';
import type { FactType } from '../../core/rules/conditions/definition.ts';
import { FACTS } from '../../core/rules/conditions/list.ts';
import { DIAGNOSTIC_CODES } from '../../core/rules/diagnostic-codes.ts';
import { OPERATORS } from '../../core/rules/document/test.ts';
import { LINE_FACTS } from '../../core/rules/lines/facts/list.ts';
import { ELIGIBILITY_REASONS } from '../../core/rules/reasons.ts';
import { ruleSetSchema } from '../../core/rules/schema.ts';
import type { JsonSchema } from '../../core/rules/shape/shape.ts';
import { TEMPLATE_VARIABLES } from '../../core/rules/template.ts';

const HEAD = `# The rule language

A rule set is one document, JSON or YAML 1.2. Money is an integer of minor units; percentages are
decimals with at most four places; instants are ISO 8601 with an offset; dates are local to the
zone of the place. \`arbiter rules check FILE\` finds every problem of a file at once, and
\`rule-set.schema.json\` beside this page lets an editor complete and check while you type:

\`\`\`yaml
# yaml-language-server: $schema=docs/reference/rule-set.schema.json
program: { id: corner-shop, currency: { code: EUR, exponent: 2 }, timezone: Europe/Berlin }
arbitration:
  mode: sequential
  children:
    - promotion: happy-hour
      type: product-discount
      hours: [ { days: [fri], from: "22:00", to: "02:00" } ]
      when: { total.current: { atLeast: 2000 } }
      lines: { category: { in: [drinks] } }
      benefits: { list: [ { discount: { percent: 20 } } ] }
\`\`\`

Generated from the definitions in \`core/rules\` by \`npm run docs:rules\`.
`;

/** The text of `docs/reference/rule-language.md`. */
export function ruleLanguageDocument(): string {
  const schema = ruleSetSchema();
  const main = propertiesOf(schema);
  const definitions = (schema['$defs'] ?? {}) as Record<string, JsonSchema>;
  const part = (name: string) => main[name] ?? {};
  const item = (name: string) => itemsOf(part(name));
  const promotion = definitions['promotion'] ?? {};
  const categories = itemsOf(propertiesOf(part('program'))['categories'] ?? {});
  return [
    HEAD,
    section('The document', table(schema)),
    section('`program`', table(part('program'))),
    section('`program.settings`', table(propertiesOf(part('program'))['settings'] ?? {})),
    section('`program.categories`', `${table(categories)}\n${CATEGORIES}`),
    section('`pointTypes`', table(item('pointTypes'))),
    section('`tierGroups`', table(item('tierGroups'))),
    section('`places`', table(item('places'))),
    section('`partners`', table(item('partners'))),
    section('Groups, and `arbitration` itself', table(definitions['group'] ?? {})),
    section('Promotions', table(promotion)),
    section('`regions`', `${table(within(promotion, 'regions'))}\n${REGIONS}`),
    section('`stacking`', table(within(promotion, 'stacking'))),
    section('`limits`', table(within(promotion, 'limits'))),
    section('Benefits', benefits(definitions)),
    section('Conditions', conditions()),
    section('Line scopes', lineScopes(definitions)),
    section('Templates', templates()),
    section('Why a promotion was not eligible', codes(ELIGIBILITY_REASONS)),
    section('What can be wrong with a rule set', codes(DIAGNOSTIC_CODES)),
  ].join('\n');
}

const CATEGORIES = `
| goes with | common | never | always |
| --- | --- | --- | --- |
| **common** | yes | no | yes |
| **never** | no | up to \`settings.neverStackable\` | yes |
| **always** | yes | yes | yes |

That holds for the built-in categories and for those of the programme, by their \`eligibility\`;
\`excludes\` takes a pair out, seen from both. The first \`never\` that has an effect keeps out whom
it does not go with, wherever it stands among groups that combine; all others give way to those
that applied before them. \`calculation\` is about percentages: of \`discount\`, \`partner-discount\`
and \`pay-with-points\`. What can be borne is up to the present price and its floor all the same.
`;

const REGIONS = `
From the store upwards (store, region, zone, country), the first place that is mentioned decides;
when none is, the promotion runs unless \`in\` names any. \`with\` maps a place to what differs
there: the name of an argument that a benefit of the promotion has (\`percent: 25\`), a limit, or
a whole part (\`period\`, \`hours\`, \`channels\`, \`when\`, \`lines\`, \`benefits\`). Parameters
are inherited downwards, the most specific wins.
`;

function section(title: string, body: string): string {
  return `## ${title}\n\n${body.trim()}\n`;
}

function benefits(definitions: Readonly<Record<string, JsonSchema>>): string {
  const shared = BENEFIT_KINDS.length;
  const kinds = (definitions['benefit']?.['anyOf'] ?? []) as readonly JsonSchema[];
  const own = BENEFIT_KINDS.map((kind, index) => {
    const inside = propertiesOf(kinds[index] ?? {})[kind] ?? {};
    const properties = Object.entries(propertiesOf(inside)).filter(
      ([name]) => !['target', 'lines', 'times'].includes(name),
    );
    const { summary, plain } = definitionOf(kind);
    const rows = table({ ...inside, properties: Object.fromEntries(properties) });
    const about = `This benefit ${summary}. A plain value means \`${plain}\`.`;
    return `### \`${kind}\`\n\n${about}\n\n${rows}`;
  });
  const common = `Each entry of \`benefits.list\` is one of ${shared} kinds. Beside its own
arguments it takes \`target\` (\`lines\`, \`order\` or \`delivery\`; default \`lines\`), \`lines\`
(narrows those of the promotion) and \`times: bundles\` (multiplies it by the number of complete
bundles).`;
  return [common, ...own].join('\n\n');
}

const MEANINGS: Readonly<Record<FactType, string>> = {
  money: 'minor units',
  number: 'a number',
  units: 'units, up to three decimals',
  text: 'a text',
  flag: 'true or false',
  field: 'a text, a number, true or false',
  tier: 'a tier',
  points: 'points',
  birthday: 'a duration in days',
  location: 'areas',
};

function conditions(): string {
  const rows = FACTS.map(
    ({ name, parameter, summary, type, many }) =>
      `| \`${name}${parameter?.label ?? ''}\` | ${type}${many ? ', many' : ''} | ${summary} |`,
  );
  const operators = Object.entries(OPERATORS).map(
    ([type, known]) =>
      `| ${type} | ${MEANINGS[type as FactType]} | ${Object.keys(known)
        .map((name) => `\`${name}\``)
        .join(' ')} |`,
  );
  return `A condition is an object of facts with their tests (all of them must hold), or \`all\`,
\`any\` (lists) or \`not\`. A test is an object of operators, all of which must hold; a plain value
means \`is\` (\`has\` for a fact with many values), a plain list means \`in\`. A fact with many
values passes when any of them does. A missing fact makes its condition false, with that as the
reason.

| fact | type | what it is |
| --- | --- | --- |
${rows.join('\n')}

| type | operand | operators |
| --- | --- | --- |
${operators.join('\n')}

\`has\` is for facts with many values. \`between\` takes two numbers and includes both. An area is
\`{ circle: { lat, lon, radius } }\` in metres or \`{ polygon: [ { lat, lon }, … ] }\`; its edge
is inside.`;
}

function lineScopes(definitions: Readonly<Record<string, JsonSchema>>): string {
  const rows = LINE_FACTS.map(
    ({ name, parameter, summary, type, many }) =>
      `| \`${name}${parameter?.label ?? ''}\` | ${type}${many ? ', many' : ''} | ${summary} |`,
  );
  const counting = Object.entries(propertiesOf(definitions['lines'] ?? {})).filter(([name]) =>
    ['order', 'skip', 'take', 'every', 'count', 'bundle'].includes(name),
  );
  return `\`lines\` selects order lines by the facts of one line, tested as in conditions (\`all\`,
\`any\` and \`not\` work too). It may then rank and count what is left, or form bundles. After
\`skip\`, \`take\` of each \`every\` are selected; an incomplete last window counts.

| fact | type | what it is |
| --- | --- | --- |
${rows.join('\n')}

${table({ properties: Object.fromEntries(counting) })}`;
}

function templates(): string {
  const names = [...TEMPLATE_VARIABLES, 'fields.NAME', 'member.fields.NAME'];
  return `A template is text with variables, \`{name}\` or \`{{ name }}\`: ${names
    .map((name) => `\`${name}\``)
    .join(', ')}. It has no other braces. A missing value is empty.`;
}

function codes(sentences: Readonly<Record<string, string>>): string {
  const rows = Object.entries(sentences).map(([code, sentence]) => `| \`${code}\` | ${sentence} |`);
  return ['| code | meaning |', '| --- | --- |', ...rows].join('\n');
}

function table(schema: JsonSchema): string {
  const needed = (schema['required'] ?? []) as readonly string[];
  const rows = Object.entries(propertiesOf(schema)).map(([name, one]) => {
    const without = needed.includes(name) ? 'required' : defaultOf(one);
    return `| \`${name}\` | ${typeOf(one)} | ${without} | ${String(one['description'] ?? '')} |`;
  });
  return ['| field | value | default | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function defaultOf(schema: JsonSchema): string {
  const { default: fallback } = schema;
  return fallback === undefined || fallback === '' ? '' : `\`${String(fallback)}\``;
}

function typeOf(schema: JsonSchema): string {
  const { enum: words, $ref, anyOf, type, properties } = schema;
  if (Array.isArray(words)) return words.map((word) => `\`${String(word)}\``).join(' ');
  if (typeof $ref === 'string') return $ref.replace('#/$defs/', '');
  if (Array.isArray(anyOf)) return [...new Set((anyOf as JsonSchema[]).map(typeOf))].join(' or ');
  if (type === 'array') return `list of ${typeOf(itemsOf(schema))}`;
  if (type === 'object' && properties !== undefined) {
    return `{ ${Object.keys(properties as object).join(', ')} }`;
  }
  return Array.isArray(type) ? String(type[0]) : String(type ?? '');
}

function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema['properties'] ?? {}) as Record<string, JsonSchema>;
}

function itemsOf(schema: JsonSchema): JsonSchema {
  return (schema['items'] ?? {}) as JsonSchema;
}

function within(schema: JsonSchema, name: string): JsonSchema {
  return propertiesOf(schema)[name] ?? {};
}

/** The text of `docs/reference/rule-set.schema.json`. */
export function ruleSetSchemaDocument(): string {
  return `${JSON.stringify(ruleSetSchema(), undefined, 1)}\n`;
}
