import { ENGINES } from '../../core/arbitration/emit.ts';
import { type Instant, instant } from '../../core/money/units.ts';
import { compileRuleSet } from '../../core/rules/compile.ts';
import type { NormalPromotion } from '../../core/rules/normal.ts';
import { localTime } from '../../core/time/local.ts';
import { contains, resolvePeriod } from '../../core/time/period.ts';
import { recursAt } from '../../core/time/recurrence.ts';
import { compileHours } from '../../core/time/weekly.ts';
import type { Scope } from '../access/roles.ts';
import { inOrder, type Outline, outlineOf } from './outline.ts';
import { runs, stateOf } from './switch-nodes.ts';
import { visibleTo } from './visible.ts';

/** What the head of a list of campaigns says. */
export interface Counts {
  readonly promotions: number;
  /** By the state of their own. */
  readonly states: Readonly<Record<string, number>>;
  /** Active, and in no group that is switched off. */
  readonly active: number;
  /** Of those, the ones within their period and hours now; `null`: the document does not compile. */
  readonly activeNow: number | null;
}

/** Counts the promotions of a document that somebody may see, by the clock of the programme. */
export function countsOf(
  document: unknown,
  { now, scope }: { readonly now: number; readonly scope: Scope },
): Counts {
  const taken = outlineOf(document);
  if (!taken.ok) return { promotions: 0, states: {}, active: 0, activeNow: null };
  const outline = visibleTo(scope, taken.outline);
  const promotions = [...inOrder(outline)].filter(({ kind }) => kind === 'promotion');
  const states = Object.groupBy(promotions, stateOf);
  return {
    promotions: promotions.length,
    states: Object.fromEntries(
      Object.entries(states).map(([state, nodes = []]) => [state, nodes.length]),
    ),
    active: promotions.filter((node) => runs(outline, node)).length,
    activeNow: activeAt(document, outline, instant(now)),
  };
}

function activeAt(document: unknown, outline: Outline, at: Instant): number | null {
  const compiled = compileRuleSet(document, { world: 'closed', emit: ENGINES.compiled });
  if (!compiled.ok) return null;
  const { promotions, programme } = compiled.value.rules;
  const shown = promotions.filter(({ id }) => outline.nodes.has(`promotion ${id}`));
  return shown.filter((promotion) => isWithinSchedule(promotion, at, programme.zone)).length;
}

function isWithinSchedule({ body }: NormalPromotion, at: Instant, zone: string): boolean {
  const { period, repeat, hours } = body;
  if (!contains(resolvePeriod(period, zone), at)) return false;
  if (repeat !== undefined && !recursAt(repeat, at, zone)) return false;
  return hours.length === 0 || compileHours(hours)(localTime(at, zone));
}
