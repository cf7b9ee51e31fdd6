import {
  ENVELOPE_REASONS,
  FAULT_REASONS,
  type ReasonText,
  SHAPE_REASONS,
  STATE_REASONS,
} from '../../core/outcome/reasons.ts';

const HEAD = `# Reasons of rejection

A transaction that is refused gets an outcome with \`status: rejected\`, a \`reason\` of this list, the
\`path\` of the culprit as a JSON pointer, and a \`message\`. The rejection is recorded under the
transaction's id: sending the same again returns the same answer with \`status: exists\`, so a
corrected transaction needs a new id. Codes are never renamed.

Generated from \`core/outcome/reasons.ts\` by \`npm run docs:reasons\`.
`;

/** The text of `docs/reference/reasons.md`. */
export function reasonsDocument(): string {
  return [
    HEAD,
    section('The message', ENVELOPE_REASONS),
    section('The shape of a transaction', SHAPE_REASONS),
    section('The state of the programme', STATE_REASONS),
    section('Our own failure', FAULT_REASONS),
  ].join('\n');
}

function section(title: string, reasons: Readonly<Record<string, ReasonText>>): string {
  const rows = Object.entries(reasons).map(
    ([code, { means, todo }]) => `| \`${code}\` | ${means} | ${todo} |`,
  );
  const table = ['| reason | what it means | what to do |', '| --- | --- | --- |', ...rows];
  return `## ${title}\n\n${table.join('\n')}\n`;
}
