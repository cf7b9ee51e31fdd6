import type { MemberFacts } from '../../arbitration/decision.ts';
import { type Instant, points } from '../../money/units.ts';
import { dateOfDay, dayNumber, formatDate } from '../../time/date.ts';
import { localTime } from '../../time/local.ts';
import type { Scalar } from '../condition.ts';
import type { FactType } from '../conditions/definition.ts';
import { ageOn } from '../conditions/facts/member-age.ts';
import { daysToBirthday } from '../conditions/facts/member-birthday.ts';
import { holds } from '../conditions/holds.ts';
import type { NormalRuleSet } from '../normal.ts';
import type { ByFact, Literal } from './literals.ts';
import { choicesFor, domainOf } from './values.ts';

/** Steps of every point type that a made-up member has, if nothing else is asked. */
const POINTS = 1_000_000;

/** A member for whom tests come true; `undefined` where they want nobody. */
export function memberFor(
  facts: ByFact,
  rules: NormalRuleSet,
  { at, zone }: { readonly at: Instant; readonly zone: string },
): MemberFacts | undefined {
  const isKnown = choicesFor(facts.get('member.known') ?? [], 'flag', [true])[0];
  if (isKnown === false) return undefined;
  const one = (fact: string, type: FactType, hints: readonly Scalar[] = []) => {
    const literals = facts.get(fact) ?? [];
    const isNeeded = literals.some((literal) => literal.holds) || hints.length > 0;
    return isNeeded ? choicesFor(literals, type, hints)[0] : undefined;
  };
  const owned = rules.pointTypes.map(({ id }) => {
    const steps = one(`member.points.${id}`, 'points', [POINTS]);
    return [id, points(Number(steps ?? POINTS))] as const;
  });
  return {
    id: String(one('member.id', 'text', ['witness'])),
    birthday: birthdayFor(facts, { at, zone }),
    segments: new Set(someOf(facts, 'member.segments')),
    partners: new Set(someOf(facts, 'member.partners')),
    fields: new Map(namedFields(facts)),
    tiers: tiersFor(facts, rules),
    points: new Map(owned),
    checkouts: checkoutsFor(facts),
    history: (metric, days) =>
      Number(one(`member.${metric}.last${days}d`, metric === 'spend' ? 'money' : 'number', [0])),
  };
}

function someOf(facts: ByFact, fact: string): readonly string[] {
  const literals = facts.get(fact) ?? [];
  const refused = literals.filter((literal) => !literal.holds);
  return literals
    .filter((literal) => literal.holds)
    .flatMap((literal) => choicesFor([literal, ...refused], 'text').slice(0, 1))
    .map(String);
}

function namedFields(facts: ByFact): readonly (readonly [string, Scalar])[] {
  return [...facts].flatMap(([fact, literals]) => {
    if (!fact.startsWith('member.fields.') || !literals.some((one) => one.holds)) return [];
    const [value] = choicesFor(literals, 'field');
    return value === undefined ? [] : [[fact.slice('member.fields.'.length), value] as const];
  });
}

function tiersFor(facts: ByFact, { tierGroups }: NormalRuleSet): ReadonlyMap<string, string> {
  const anywhere = facts.get('member.tier') ?? [];
  const tiers = new Map<string, string>();
  for (const { id, tiers: ladder } of tierGroups) {
    const own = facts.get(`member.tier.${id}`) ?? [];
    const wanted = anywhere.filter((one) => one.holds);
    const passes = (tier: string, literals: readonly Literal[]) =>
      literals.every((one) => holds(one.test, tier) === one.holds);
    const refused = anywhere.filter((one) => !one.holds);
    const usable = ladder.filter((tier) => passes(tier.id, [...own, ...refused]));
    const best = usable.find((tier) => wanted.length > 0 && passes(tier.id, wanted));
    const isNeeded = best !== undefined || own.some((one) => one.holds);
    const chosen = best ?? (isNeeded ? usable[0] : undefined);
    if (chosen !== undefined) tiers.set(id, chosen.id);
  }
  return tiers;
}

/** `member.firstOrder` and `member.checkouts` are two names of one number. */
function checkoutsFor(facts: ByFact): number {
  const first = facts.get('member.firstOrder') ?? [];
  const wanted = choicesFor(facts.get('member.checkouts') ?? [], 'number', [1, 0]).map(Number);
  const fits = (count: number) => first.every((one) => holds(one.test, count === 0) === one.holds);
  return wanted.find(fits) ?? wanted[0] ?? 0;
}

/** A birthday that is so old and so far away as the tests want it. */
function birthdayFor(
  facts: ByFact,
  { at, zone }: { readonly at: Instant; readonly zone: string },
): string | undefined {
  const [age = [], away = []] = [facts.get('member.age'), facts.get('member.birthday')];
  if (![...age, ...away].some((one) => one.holds)) return undefined;
  const local = localTime(at, zone);
  const today = dayNumber(local);
  const ages = choicesFor(age, domainOf('member.age').type, [30]).map(Number);
  const days = choicesFor(away, 'birthday', [100, 0]).map(Number);
  for (const years of ages) {
    for (const far of days.flatMap((day) => [day, -day])) {
      for (const year of [local.year - years, local.year - years - 1]) {
        const near = dateOfDay(today + far);
        const born = dateOfDay(dayNumber({ ...near, year }));
        const isIt = ageOn(born, local) === years && daysToBirthday(born, local) === Math.abs(far);
        if (isIt) return formatDate(born);
      }
    }
  }
  return undefined;
}
