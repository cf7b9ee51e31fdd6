import type { Change } from '../../../ops/rules/changes.ts';
import { describeChanges } from '../../../ops/rules/describe-changes.ts';

/** What was said in a body that its schema has checked. */
export function textIn(body: unknown, field: string): string | undefined {
  const value = fieldIn(body, field);
  return typeof value === 'string' ? value : undefined;
}

export function numberIn(body: unknown, field: string): number | undefined {
  const value = fieldIn(body, field);
  return typeof value === 'number' ? value : undefined;
}

export function listIn(body: unknown, field: string): readonly string[] | undefined {
  const value = fieldIn(body, field);
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
}

export function fieldIn(body: unknown, field: string): unknown {
  const isObject = typeof body === 'object' && body !== null && Object.hasOwn(body, field);
  return isObject ? Reflect.get(body, field) : undefined;
}

/** Lines of one answer; whoever wants them all compares the versions. */
const LINES_MAX = 200;

/** Changes in the operator's words, and how many lines were left out. */
export function changesSaid(changes: readonly Change[] = []) {
  const lines = describeChanges(changes);
  const left = lines.length - LINES_MAX;
  return { changes: lines.slice(0, LINES_MAX), ...(left > 0 ? { moreChanges: left } : {}) };
}
