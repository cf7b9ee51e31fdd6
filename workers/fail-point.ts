/**
 * Places where a crash test may kill the whole process with SIGKILL, in the order of the commit
 * protocol (`docs/exactly-once.md`). `ARBITER_FAIL_POINT=<name>:<n>` kills at the n-th time that
 * one thread passes the place.
 */
export const FAIL_POINTS = [
  'deployment-created',
  'partition-opened',
  'consumer-started',
  'rule-set-stored',
  'batch-received',
  'batch-applied',
  'batch-writing',
  'batch-written',
  'batch-returned',
  'batch-answered',
  'batch-acknowledged',
  'letter-published',
  'letters-saved',
  'relay-listed',
  'relay-answered',
  'relay-ended',
  'sink-bounded',
  'sink-table-sent',
  'sink-sent',
  'sink-advanced',
  'audit-bounded',
  'audit-sent',
] as const;
export type FailPoint = (typeof FAIL_POINTS)[number];

interface Armed {
  readonly point: string;
  left: number;
}

function armedBy(setting: string | undefined): Armed | undefined {
  const [point, count] = (setting ?? '').split(':');
  return point ? { point, left: Number(count ?? 1) } : undefined;
}

const armed = armedBy(process.env['ARBITER_FAIL_POINT']);

/** Dies here if a test asked for it. Does nothing otherwise. */
export function failPoint(point: FailPoint): void {
  if (armed?.point !== point) return;
  armed.left -= 1;
  if (armed.left === 0) process.kill(process.pid, 'SIGKILL');
}
