import type { Emit } from '../rules/compile.ts';
import { compileCondition } from '../rules/conditions/compile.ts';
import { plainLanguageOf } from '../rules/language.ts';
import { compileQuickSelect } from '../rules/lines/quick-select.ts';
import { compileSelect } from '../rules/lines/select.ts';
import { compileDecide } from './compiled/decide.ts';
import { interpret } from './interpret/decide.ts';

/** The compiled tree: what production runs. */
export const emit: Emit = (rules, language) =>
  compileDecide(rules, language, {
    condition: compileCondition,
    select: (scopes) => {
      const quick = compileQuickSelect(scopes);
      if (quick !== undefined) return (facts) => quick(facts.input.checkout.lines);
      const select = compileSelect(scopes);
      return (facts) => select(facts.lines);
    },
  });

/** The specification, over conditions that are interpreted too. */
export const emitInterpreter: Emit = (rules) => interpret(rules, plainLanguageOf(rules));

/** The two engines by name. */
export const ENGINES = { compiled: emit, interpret: emitInterpreter } as const;
export type EngineName = keyof typeof ENGINES;
