import type { Language, Selection } from '../arbitration/language.ts';
import { addDuration } from '../time/duration.ts';
import { localTime } from '../time/local.ts';
import { resolveMoment } from '../time/moment.ts';
import type { Condition, LineScope } from './condition.ts';
import { compileCondition } from './conditions/compile.ts';
import { interpretCondition } from './conditions/interpret.ts';
import type { Predicate } from './facts.ts';
import { compileSelect, type Select } from './lines/select.ts';
import type { NormalRuleSet } from './normal.ts';
import { placesOf } from './places.ts';
import { renderTemplate } from './render-template.ts';

/**
 * The rule language over one rule set, for whoever decides checkouts. Conditions and line scopes
 * are compiled the first time they are asked for and kept as long as the rule set lives.
 */
export function languageOf(rules: NormalRuleSet): Language {
  const predicates = new WeakMap<Condition, Predicate>();
  const selects = new WeakMap<readonly LineScope[], Select>();
  const { exponent } = rules.programme;
  return {
    holds: (condition, facts) => remembered(predicates, condition, compileCondition)(facts),
    select: (scopes, facts): Selection => remembered(selects, scopes, compileSelect)(facts.lines),
    placeOf: placesOf(rules).placeOf,
    localTime,
    resolve: resolveMoment,
    addDuration,
    render: (template, facts) => renderTemplate(template, facts, exponent),
  };
}

/** The same language with conditions interpreted: the specification to compare with. */
export function plainLanguageOf(rules: NormalRuleSet): Language {
  return { ...languageOf(rules), holds: interpretCondition };
}

function remembered<K extends object, V>(known: WeakMap<K, V>, key: K, make: (key: K) => V): V {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make(key);
  known.set(key, made);
  return made;
}
