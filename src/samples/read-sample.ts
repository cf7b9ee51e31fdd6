import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export const SAMPLES = ['coalition', 'online-retail'] as const;
export type Sample = (typeof SAMPLES)[number];

/** A rule-set document that ships with Arbiter. */
export function readSample(sample: Sample): unknown {
  return parse(readFileSync(new URL(`./${sample}.yaml`, import.meta.url), 'utf8'));
}
