import type { ArbitrationInput, DecisionResult } from '../arbitration/decision.ts';
import type { Language } from '../arbitration/language.ts';
import type { ArbitrationTree } from '../arbitration/tree.ts';
import { findConflicts } from './conflicts.ts';
import { decode } from './decode.ts';
import type { Compiled } from './diagnostic.ts';
import { languageOf } from './language.ts';
import type { NormalRuleSet } from './normal.ts';
import { normalise } from './normalise.ts';
import { placesOf } from './places.ts';
import { pointTypesOf } from './point-types.ts';
import { hashOf } from './seal.ts';
import { selfCheck } from './self-check.ts';
import { tierLaddersOf } from './tier-groups.ts';
import type { World } from './validate/names.ts';
import { validate } from './validate.ts';

/** Makes the deciding function: the interpreter, or the compiled tree. */
export type Emit = (
  rules: NormalRuleSet,
  language: Language,
) => (input: ArbitrationInput) => DecisionResult;

export interface CompileOptions {
  /** `closed` refuses names that are used and not declared. A fixture's world is `open`. */
  readonly world: World;
  readonly emit: Emit;
  /** Point types that a fixture's member or transactions use: declared by use in an open world. */
  readonly usedPointTypes?: readonly string[];
  /** The interpreter, to compare with before a version is used: the stage `self-check`. */
  readonly specification?: Emit;
  /** Of a version that was sealed before: it is not hashed again. */
  readonly sealedAs?: string;
  /** Looks for conflicts, as before a version is applied. It takes longer than all stages. */
  readonly conflicts?: boolean;
}

/** A rule set with its normal form, for those who show or analyse it. */
export interface CompiledRuleSet {
  readonly rules: NormalRuleSet;
  readonly tree: ArbitrationTree;
}

/** The stages: decode → validate → normalise → emit (with its index) → self-check → seal. */
export function compileRuleSet(
  source: unknown,
  options: CompileOptions,
): Compiled<CompiledRuleSet> {
  const document = decode(source);
  if (!document.ok) return document;

  const valid = validate(document.value, options.world, options.usedPointTypes);
  if (!valid.ok) return valid;

  const rules = normalise(valid.value);
  const decide = options.emit(rules, languageOf(rules));
  const failure = options.specification && checked(rules, decide, options.specification);
  if (failure !== undefined) return { ok: false, diagnostics: [failure] };

  const tree = sealed(rules, decide, options.sealedAs ?? hashOf(rules));
  const found = options.conflicts && findConflicts(rules, document.value, decide).warnings;
  const warnings = [...document.warnings, ...valid.warnings, ...(found || [])];
  return { ok: true, value: { rules, tree }, warnings };
}

/** The tree of a version that was compiled, checked and sealed before: its normal form will do. */
export function treeOfNormal(
  rules: NormalRuleSet,
  options: { readonly emit: Emit; readonly sealedAs: string },
): ArbitrationTree {
  return sealed(rules, options.emit(rules, languageOf(rules)), options.sealedAs);
}

function checked(rules: NormalRuleSet, compiled: ArbitrationTree['decide'], emit: Emit) {
  const specification = emit(rules, languageOf(rules));
  return selfCheck(rules, { specification, compiled });
}

function returnPoliciesOf(rules: NormalRuleSet): ArbitrationTree['returnPolicyOf'] {
  const policies = new Map(rules.promotions.map(({ id, returns }) => [id, returns]));
  return (promotion) => policies.get(promotion) ?? rules.settings.returns;
}

function triggersOf(rules: NormalRuleSet): ArbitrationTree['isTrigger'] {
  const triggers = new Set(
    rules.promotions.filter(({ type }) => type === 'trigger').map(({ id }) => id),
  );
  return (promotion) => triggers.has(promotion);
}

function deductingOf(rules: NormalRuleSet): ArbitrationTree['deducts'] {
  const deducting = new Set(rules.promotions.filter((each) => each.deducts).map(({ id }) => id));
  return (promotion) => deducting.has(promotion);
}

function blocksOf({ partners }: NormalRuleSet): ArbitrationTree['partnerBlocks'] {
  return new Map(partners.flatMap(({ id, block }) => (block ? [[id, block] as const] : [])));
}

/** Everything that the rest of the system asks a rule set for. */
function sealed(
  rules: NormalRuleSet,
  decide: ArbitrationTree['decide'],
  hash: string,
): ArbitrationTree {
  const { programme, settings } = rules;
  const partners = new Set(rules.partners.map(({ id }) => id));
  return {
    hash,
    programme: programme.id,
    currency: programme.currency,
    exponent: programme.exponent,
    zone: programme.zone,
    lateAfter: settings.lateAfter,
    graceDays: settings.graceDays,
    parkReturns: settings.parkReturns,
    transferValidity: settings.transferValidity,
    shortBalance: settings.shortBalance,
    deducts: deductingOf(rules),
    isTrigger: triggersOf(rules),
    returnPolicyOf: returnPoliciesOf(rules),
    pointTypes: pointTypesOf(rules),
    tierGroups: tierLaddersOf(rules),
    place: placesOf(rules).place,
    partnerBlocks: blocksOf(rules),
    hasPartner: (partner) => partners.has(partner),
    closedWorld: rules.closedWorld,
    decide,
  };
}
