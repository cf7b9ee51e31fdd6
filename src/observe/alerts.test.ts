import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { createMetrics } from './metrics.ts';

const file = new URL('../../ops/deploy/alerts.yaml', import.meta.url);
const operating = readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8');

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly expr: string }[] }[];
}

/** Metric names in an expression, without the suffixes that Prometheus adds to histograms. */
function metricsIn(text: string): string[] {
  return [...text.matchAll(/arbiter_[a-z_]+/g)].map(([name]) =>
    name.replace(/_(bucket|sum|count)$/, ''),
  );
}

const known = new Set(
  createMetrics()
    .registry.getMetricsAsArray()
    .map((metric) => metric.name),
);

test('every alert asks for metrics that exist', () => {
  // The file is ours; its shape is Prometheus's.
  const rules = (parse(readFileSync(file, 'utf8')) as Rules).groups.flatMap((group) => group.rules);
  const asked = rules.flatMap((rule) => metricsIn(rule.expr));
  expect(asked.length).toBeGreaterThanOrEqual(rules.length);
  expect(asked.filter((name) => !known.has(name))).toEqual([]);
});

test('every metric the operating page names exists', () => {
  expect(metricsIn(operating).filter((name) => !known.has(name))).toEqual([]);
});
