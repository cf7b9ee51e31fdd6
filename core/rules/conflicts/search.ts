import { NOTHING_USED } from '../../arbitration/budget-left.ts';
import type { ArbitrationInput, Decision, DecisionResult } from '../../arbitration/decision.ts';
import { instant, minorUnits } from '../../money/units.ts';
import type { FieldValue } from '../../transaction/transaction.ts';
import type { Witness } from '../diagnostic.ts';
import { linesFor } from './build-lines.ts';
import { memberFor } from './build-member.ts';
import type { Claims } from './claims.ts';
import type { Ground } from './grounds.ts';
import type { Joint, Joints } from './joint.ts';
import { type Moments, momentsOf } from './moments.ts';
import { choicesFor } from './values.ts';
import { witnessOf } from './witness.ts';

/** Checkouts decided for one question. */
const TRIES_MAX = 24;
/** Checkouts decided for one rule set, times its promotions. */
const WORK_MAX = 4_000_000;
const TRIES_IN_ALL_MAX = 40_000;
/** Places tried for one joint. */
const GROUNDS_MAX = 2;
/** Totals tried where a rule set names none. */
const TOTALS = [100_000, 10_000, 1_000_000, 1_000, 100_000_000, 100, 1];
/** Asked of a delivery that benefits act on. */
const DELIVERY = 1_000;

/** What came of a question. */
export type Finding =
  /** A checkout that the engine decided, and that shows it. */
  | { readonly kind: 'found'; readonly witness: Witness }
  /** Proved over the finite domains of the rule set: there is no such checkout. */
  | { readonly kind: 'impossible' }
  | { readonly kind: 'not-decided' };

export interface Question {
  readonly joints: Joints;
  readonly shows: (decision: Decision, input: ArbitrationInput) => boolean;
  /** Totals worth trying first. */
  readonly totals?: readonly number[];
  /** Only from this instant on. */
  readonly from?: number;
}

/** Looks for checkouts that show something, and has the engine confirm each. */
export class Search {
  readonly #claims: Claims;
  readonly #decide: (input: ArbitrationInput) => DecisionResult;
  readonly #most: number;
  #tries = 0;

  constructor(claims: Claims, decide: (input: ArbitrationInput) => DecisionResult) {
    this.#claims = claims;
    this.#decide = decide;
    const affordable = Math.floor(WORK_MAX / Math.max(1, claims.rules.promotions.length));
    this.#most = Math.min(TRIES_IN_ALL_MAX, affordable);
  }

  find(question: Question): Finding {
    const { found, isProof } = question.joints;
    let isPossible = !isProof;
    let tries = 0;
    for (const joint of found) {
      const places = this.#placesOf(joint, question.from);
      isPossible ||= places.some(({ never }) => !never);
      for (const input of this.#inputs(joint, places, question)) {
        if (tries === TRIES_MAX || this.#tries === this.#most) return NOT_DECIDED;
        tries += 1;
        this.#tries += 1;
        const result = this.#decide(input);
        if (!result.ok || !question.shows(result.decision, input)) continue;
        return { kind: 'found', witness: witnessOf(input, this.#claims.rules) };
      }
    }
    return isPossible ? NOT_DECIDED : { kind: 'impossible' };
  }

  /** Any checkout at a place, whatever the rules tell apart. */
  anywhereAt(store: string, shows: Question['shows']): Finding {
    const place = this.#claims.grounds[0]?.place;
    if (place === undefined) return NOT_DECIDED;
    const grounds = [{ store, place }];
    const joint: Joint = {
      claims: [],
      grounds: 1n,
      facts: new Map(),
      line: undefined,
      benefits: [],
    };
    const search = new Search({ ...this.#claims, grounds }, this.#decide);
    return search.find({ joints: { found: [joint], isProof: false }, shows });
  }

  /** The grounds of a joint, with the instants at which all of it runs there. */
  #placesOf({ grounds, claims }: Joint, from: number | undefined): readonly Place[] {
    const bodies = claims.map(({ body }) => body);
    const byZone = new Map<string, Moments>();
    return this.#claims.grounds.flatMap((ground, at) => {
      if ((grounds & (1n << BigInt(at))) === 0n) return [];
      const { zone } = ground.place;
      const moments = byZone.get(zone) ?? momentsOf(bodies, zone, from);
      byZone.set(zone, moments);
      return [{ ground, ...moments }];
    });
  }

  *#inputs(
    joint: Joint,
    places: readonly Place[],
    { totals = [] }: Question,
  ): Generator<ArbitrationInput> {
    const usable = places.filter(({ found }) => found.length > 0).slice(0, GROUNDS_MAX);
    for (const total of totalsOf(joint, totals)) {
      const lines = linesFor(joint, total);
      if (lines === undefined) continue;
      for (const { ground, found } of usable) {
        for (const at of found) {
          const member = memberFor(joint.facts, this.#claims.rules, {
            at,
            zone: ground.place.zone,
          });
          yield {
            checkout: { ...checkoutAt(joint, ground), lines, member: member?.id, occurredAt: at },
            member,
            usage: NOTHING_USED,
            at: instant(at),
          };
        }
      }
    }
  }
}

/** A place where a joint may happen, and when it can. */
type Place = { readonly ground: Ground } & Moments;

const NOT_DECIDED: Finding = { kind: 'not-decided' };

/** Totals at which tests of them come true, those that somebody wants to try first. */
function totalsOf({ facts }: Joint, wanted: readonly number[]): readonly number[] {
  const initial = facts.get('total.initial') ?? [];
  const current = facts.get('total.current') ?? [];
  const hints = [...wanted, ...TOTALS];
  const both = choicesFor([...initial, ...current], 'money', hints);
  const either = both.length > 0 ? both : choicesFor(initial, 'money', hints);
  return either.map(Number);
}

function checkoutAt({ facts, benefits }: Joint, { store, place }: Ground) {
  const text = (fact: string) => {
    const literals = facts.get(fact) ?? [];
    const isNeeded = literals.some((one) => one.holds);
    const [value] = isNeeded ? choicesFor(literals, 'text') : [];
    return value === undefined ? undefined : String(value);
  };
  const partner = choicesFor(
    facts.get('partner') ?? [],
    'text',
    place.partner ? [place.partner] : [],
  );
  const isPartnerAsked = facts.has('partner') && partner[0] !== place.partner;
  const codes = facts.get('codes') ?? [];
  const refused = codes.filter((one) => !one.holds);
  const wanted = codes.filter((one) => one.holds);
  const isDelivered = benefits.some(({ benefit }) => benefit.target === 'delivery');
  const fields = [...facts].flatMap(([fact, literals]): [string, FieldValue][] => {
    if (!fact.startsWith('fields.') || !literals.some((one) => one.holds)) return [];
    return choicesFor(literals, 'field')
      .slice(0, 1)
      .map((value) => [fact.slice('fields.'.length), value]);
  });
  return {
    kind: 'quote',
    id: 'witness',
    card: undefined,
    store,
    partner: isPartnerAsked ? String(partner[0]) : undefined,
    channel: text('channel'),
    currency: undefined,
    delivery: minorUnits(isDelivered ? DELIVERY : 0),
    codes: [
      ...new Set(
        wanted.flatMap((one) =>
          choicesFor([one, ...refused], 'text')
            .slice(0, 1)
            .map(String),
        ),
      ),
    ],
    pay: undefined,
    tender: text('tender'),
    location: undefined,
    fields: new Map(fields),
  } as const;
}
