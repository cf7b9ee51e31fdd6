import type { Decision } from '../../arbitration/decision.ts';
import { resolvePeriod } from '../../time/period.ts';
import { canonicalText } from '../canonical.ts';
import { categoryOf, goTogether } from '../categories.ts';
import { quoted } from '../diagnostic.ts';
import type { ArbitrationNode, GroupNode, NormalPromotion, NormalRuleSet } from '../normal.ts';
import type { Claim, Claims } from './claims.ts';
import { jointsOfOne } from './joint.ts';
import { type ByFact, byFact, type Conjunct, conjunctsOf, merged, together } from './literals.ts';
import { momentsOf } from './moments.ts';
import type { Report } from './report.ts';
import type { Search } from './search.ts';
import { canHold, domainOf, lineDomainOf } from './values.ts';

/** Promotions that nothing reaches: contradictory in themselves, or always shadowed by another. */
export function findUnreachable(
  claims: Claims,
  search: Search,
  report: Report,
): ReadonlySet<NormalPromotion> {
  const dead = claims.rules.promotions.filter((promotion) => neverApplies(promotion, claims));
  for (const promotion of dead) {
    report.warn({
      code: 'never-applies',
      path: `${report.pathOf(promotion)}/when`,
      message: `the conditions of ${quoted(promotion.id)} can never all hold`,
      hint: 'look for tests, hours, channels or lines that exclude each other',
    });
  }
  const shadowed = [...groupsIn(claims.rules.root)].flatMap((group) =>
    shadowsIn(group, { claims, search, report }),
  );
  return new Set([...dead, ...shadowed]);
}

function neverApplies({ position, type }: NormalPromotion, { of, grounds }: Claims): boolean {
  if (type === 'trigger') return false;
  return (of[position] ?? []).every((claim) => {
    if (!claim.isExact) return false;
    if (claim.cases.length === 0) return true;
    if (claim.benefits.every(({ lines }) => lines?.length === 0)) return true;
    return grounds.every(({ place }) => momentsOf([claim.body], place.zone).never);
  });
}

function* groupsIn(node: ArbitrationNode): Generator<GroupNode> {
  if (node.kind === 'promotion') return;
  yield node;
  for (const child of node.children) yield* groupsIn(child);
}

interface Tools {
  readonly claims: Claims;
  readonly search: Search;
  readonly report: Report;
}

/** How a promotion keeps another from its turn. */
function wayOf(
  group: GroupNode,
  { by, other }: { by: NormalPromotion; other: NormalPromotion },
  rules: NormalRuleSet,
): string | undefined {
  const isBefore = goesBefore(group, { by, other }, rules);
  if (group.mode === 'max') return undefined;
  if (by.stacking.exclusive && !other.stacking.exclusive) return 'suppressed-by-exclusive';
  if (!isBefore) return undefined;
  if (group.mode === 'exclusive') return 'lost-to-another';
  return by.stacking.stopAfter ? 'stopped-by-another' : undefined;
}

/** Whether a promotion goes first, whatever the codes of a checkout. */
function goesBefore(
  { orderBy }: GroupNode,
  { by, other }: { by: NormalPromotion; other: NormalPromotion },
  rules: NormalRuleSet,
): boolean {
  if (orderBy === undefined) return by.position < other.position;
  if (orderBy === 'requested') return false;
  const [one, two] = [by, other].map((each) => categoryOf(each.stacking.category, rules).hierarchy);
  return one !== undefined && two !== undefined && one < two;
}

/** Looked at in one group; of more promotions, later ones are compared with the first of them. */
const SHADOWS_MAX = 200;

function shadowsIn(group: GroupNode, tools: Tools): readonly NormalPromotion[] {
  const promotions = group.children.flatMap((child) =>
    child.kind === 'promotion' ? [child.promotion] : [],
  );
  const casters = promotions.filter((one) => castsShadow(one, tools.claims)).slice(0, SHADOWS_MAX);
  return promotions.filter((promotion) => {
    const caster = casters.find(
      (by) =>
        by !== promotion &&
        wayOf(group, { by, other: promotion }, tools.claims.rules) !== undefined &&
        areAlikeInCompany(by, promotion, tools.claims.rules) &&
        covers(by, promotion, tools.claims),
    );
    if (caster !== undefined) warnOfShadow(group, { promotion, by: caster }, tools);
    return caster !== undefined;
  });
}

function warnOfShadow(
  group: GroupNode,
  { promotion, by }: { promotion: NormalPromotion; by: NormalPromotion },
  { claims, search, report }: Tools,
): void {
  const reason = wayOf(group, { by, other: promotion }, claims.rules);
  const joints = (claims.of[promotion.position] ?? []).map((one) => jointsOfOne(one, one.benefits));
  const shows = ({ notApplied }: Decision) =>
    notApplied.some((one) => one.promotion === promotion.id && one.reason === reason);
  const found = joints.flatMap((one) => one.found);
  const finding = search.find({ joints: { found, isProof: false }, shows });
  report.tell(finding, `unreachable-promotion of ${quoted(promotion.id)}`, () => ({
    code: 'unreachable-promotion',
    path: report.pathOf(promotion),
    message:
      `${quoted(promotion.id)} never gets its turn: ${quoted(by.id)} in ${quoted(group.id)} ` +
      'applies wherever it could, and keeps it out',
    hint: 'move it up, or give the other one a condition',
  }));
}

/** Whether nobody keeps the one out who does not keep out the other as well. */
function areAlikeInCompany(
  by: NormalPromotion,
  other: NormalPromotion,
  rules: NormalRuleSet,
): boolean {
  const [one, two] = [by, other].map(({ stacking }) => categoryOf(stacking.category, rules));
  if (one === undefined || two === undefined || one.id === two.id) return true;
  const present = new Set(rules.promotions.map(({ stacking }) => stacking.category));
  return [...present]
    .map((id) => categoryOf(id, rules))
    .every((third) => goTogether(one, third, rules) || !goTogether(two, third, rules));
}

/** Always has an effect on its lines, whatever was used up and whatever else applies. */
function castsShadow({ position, stacking, type }: NormalPromotion, { of }: Claims): boolean {
  const claims = of[position] ?? [];
  if (stacking.category !== 'common' || type === 'trigger') return false;
  return claims.every(({ body, benefits }) => {
    const isUnlimited = Object.values(body.limits).every((limit) => limit === undefined);
    return isUnlimited && benefits.some(lowersItsLines);
  });
}

function lowersItsLines({ benefit }: Claim['benefits'][number]): boolean {
  if (benefit.kind !== 'discount' || benefit.target !== 'lines') return false;
  const { value } = benefit;
  const isPositive = value.by === 'percent' ? value.percent > 0 : value.amount > 0;
  const isFilter = benefit.lines.every(({ ranking, bundle }) => !ranking && bundle.length === 0);
  const isEach = value.by === 'percent' || value.per === 'subtotal' || value.per === 'unit';
  return isPositive && isFilter && isEach && !benefit.timesBundles;
}

/** Whether one applies to every line of every checkout to which the other could. */
function covers(by: NormalPromotion, other: NormalPromotion, claims: Claims): boolean {
  const wide = claims.of[by.position] ?? [];
  const narrow = claims.of[other.position] ?? [];
  if (!narrow.every(onlyActsOnLines) || narrow.every(({ cases }) => cases.length === 0))
    return false;
  return narrow.every((claim) => wide.some((one) => coversClaim(one, claim, claims)));
}

function onlyActsOnLines({ benefits }: Claim): boolean {
  return benefits.every(
    ({ benefit: { kind, target } }) =>
      target === 'lines' && (kind === 'discount' || kind === 'price'),
  );
}

function coversClaim(wide: Claim, narrow: Claim, claims: Claims): boolean {
  if (!narrow.isExact || !coversTime(wide, narrow, claims)) return false;
  const { channels } = wide.body;
  const sameChannels = channels.length === 0 || channelsWithin(narrow, channels);
  const grounds = wide.cases.reduce((bits, one) => bits | one.grounds, 0n);
  const isThere = narrow.cases.every((one) => (one.grounds & ~grounds) === 0n);
  return (
    sameChannels &&
    isThere &&
    !namesPlaces(wide) &&
    excludes(
      narrow.cases.map(({ facts }) => facts),
      conjunctsOf(wide.body.when, false),
      domainOf,
    ) &&
    narrow.benefits.every((one) => wide.benefits.some((other) => coversLines(other, one)))
  );
}

function namesPlaces({ body }: Claim): boolean {
  const text = canonicalText(body.when);
  return text.includes('"fact":"region"') || text.includes('"fact":"store"');
}

function channelsWithin({ body }: Claim, channels: readonly string[]): boolean {
  return body.channels.length > 0 && body.channels.every((one) => channels.includes(one));
}

function coversTime(wide: Claim, narrow: Claim, { grounds }: Claims): boolean {
  const [a, b] = [wide.body, narrow.body];
  const sameHours = a.hours.length === 0 || canonicalText(a.hours) === canonicalText(b.hours);
  const sameTurns = a.repeat === undefined || canonicalText(a.repeat) === canonicalText(b.repeat);
  const isWithin = grounds.every(({ place: { zone } }) => {
    const [outer, inner] = [resolvePeriod(a.period, zone), resolvePeriod(b.period, zone)];
    return outer.start <= inner.start && inner.end <= outer.end;
  });
  return sameHours && sameTurns && isWithin;
}

function coversLines(wide: Claim['benefits'][number], narrow: Claim['benefits'][number]): boolean {
  if (!lowersItsLines(wide) || narrow.lines === undefined) return false;
  const outside = oneOf(wide.benefit.lines.map(({ where }) => conjunctsOf(where, false)));
  return excludes(narrow.lines, outside, lineDomainOf);
}

function oneOf(
  ways: readonly (readonly Conjunct[] | undefined)[],
): readonly Conjunct[] | undefined {
  return ways.every((one) => one !== undefined) ? ways.flat() : undefined;
}

/** Whether no way of the one goes with any way of the other. */
function excludes(
  ways: readonly ByFact[],
  others: readonly Conjunct[] | undefined,
  domain: typeof domainOf,
): boolean {
  if (others === undefined || together([others]) === undefined) return false;
  return ways.every((way) =>
    others.every((other) =>
      [...merged(way, byFact(other))].some(
        ([fact, literals]) => canHold(literals, domain(fact)) === false,
      ),
    ),
  );
}
