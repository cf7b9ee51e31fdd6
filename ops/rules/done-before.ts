import type { RequestKey } from './commands.ts';
import type { Performed } from './performed.ts';
import type { RulePorts } from './ports.ts';

/** Acts and schedules among which an interrupted request is looked for. */
const LOOKED_AT_MAX = 50;

/**
 * What an earlier attempt at a request did before it was cut off. What a request does is kept
 * together with its key, so it is done once, however often it is repeated.
 */
export async function doneBefore(
  { books }: RulePorts,
  request: RequestKey | undefined,
): Promise<Performed | undefined> {
  if (!request?.resumed) return undefined;
  const last = (await books.lastAct())?.number ?? 0;
  for (let number = last; number > Math.max(0, last - LOOKED_AT_MAX); number -= 1) {
    const act = await books.act(number);
    if (act?.request !== request.key) continue;
    const version = await books.version(act.version);
    return version ? { ok: true, act, version } : { ok: true, act };
  }
  const latest = await books.lastSchedule();
  for (let number = latest; number > Math.max(0, latest - LOOKED_AT_MAX); number -= 1) {
    const schedule = (await books.scheduled(number))?.value;
    if (schedule?.request === request.key) return { ok: true, schedule };
  }
  const copy = (await books.workingCopy())?.value;
  return copy?.requests?.includes(request.key) ? { ok: true, changes: [] } : undefined;
}
