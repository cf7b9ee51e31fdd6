import type { PlaceFacts } from '../../rules/facts.ts';
import type { Regions } from '../../rules/normal.ts';
import type { OrderLine } from '../../transaction/transaction.ts';
import { AnchorMap } from '../anchors.ts';
import type { NotApplied } from '../decision.ts';
import type { Plan, PlannedBody, PlannedPromotion } from './plan.ts';

/**
 * The candidate index: which promotions may have anything to say about a checkout, by place,
 * channel and what is in the lines. It may keep too many and never loses one.
 */

/** Slices kept ready. One is made for each way that places and channels differ in the rules. */
const SLICES_MAX = 256;

/** The promotions of one place and channel. */
export interface Slice {
  /** By position; the body that counts at the place. */
  readonly bodies: readonly (PlannedBody | undefined)[];
  /** Candidates for any lines, ascending. */
  readonly always: readonly number[];
  /** Candidates by what a line must have. */
  readonly byAnchor: AnchorMap<number[]>;
  /** Candidates for some lines, ascending. */
  readonly anchored: readonly number[];
  /** Why the others are none, by position. */
  readonly excluded: readonly (NotApplied | undefined)[];
}

/** Finds candidates; keeps a slice for each kind of place and channel that occurs. */
export class CandidateIndex {
  readonly #plan: Plan;
  /** Places that the rules tell apart. */
  readonly #places: ReadonlySet<string>;
  readonly #slices = new Map<string, Slice>();
  /** The last slice of a place, so that the usual checkout needs no text. */
  readonly #byPath = new WeakMap<readonly string[], Map<string | undefined, Slice>>();
  readonly #marks: Int32Array;
  #mark = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#marks = new Int32Array(plan.promotions.length);
    this.#places = new Set(
      plan.promotions.flatMap(({ promotion, variants }) => [
        ...(promotion.regions?.in ?? []),
        ...(promotion.regions?.except ?? []),
        ...variants.keys(),
      ]),
    );
  }

  slice({ path }: PlaceFacts, channel: string | undefined): Slice {
    let known = this.#byPath.get(path);
    if (known === undefined) {
      known = new Map();
      this.#byPath.set(path, known);
    }
    const found = known.get(channel);
    if (found !== undefined) return found;
    const slice = this.#sharedSlice(path, channel);
    if (known.size >= SLICES_MAX) known.clear();
    known.set(channel, slice);
    return slice;
  }

  #sharedSlice(path: readonly string[], channel: string | undefined): Slice {
    const told = path.filter((place) => this.#places.has(place));
    const key = JSON.stringify([path.length === 0, told, channel]);
    const found = this.#slices.get(key);
    if (found !== undefined) return found;
    if (this.#slices.size >= SLICES_MAX) this.#slices.clear();
    const slice = makeSlice(this.#plan, path, channel);
    this.#slices.set(key, slice);
    return slice;
  }

  /** Positions of the candidates for some lines, ascending. */
  candidates(slice: Slice, lines: readonly OrderLine[]): readonly number[] {
    if (slice.anchored.length === 0) return slice.always;
    this.#mark += 1;
    const mark = this.#mark;
    const marks = this.#marks;
    const found: number[] = [];
    const visit = (positions: readonly number[]) => {
      for (const position of positions) {
        if (marks[position] === mark) continue;
        marks[position] = mark;
        found.push(position);
      }
    };
    for (const line of lines) slice.byAnchor.visit(line, visit);
    if (found.length === 0) return slice.always;
    found.sort((one, two) => one - two);
    return merged(slice.always, found);
  }
}

/** Two ascending lists as one. */
function merged(one: readonly number[], two: readonly number[]): readonly number[] {
  if (one.length === 0) return two;
  const all: number[] = [];
  let [at, next] = [0, 0];
  while (at < one.length || next < two.length) {
    const left = one[at] ?? Number.POSITIVE_INFINITY;
    const right = two[next] ?? Number.POSITIVE_INFINITY;
    if (left < right) at += 1;
    else next += 1;
    all.push(Math.min(left, right));
  }
  return all;
}

function makeSlice(plan: Plan, path: readonly string[], channel: string | undefined): Slice {
  const bodies: (PlannedBody | undefined)[] = [];
  const always: number[] = [];
  const anchored: number[] = [];
  const byAnchor = new AnchorMap<number[]>();
  const excluded: (NotApplied | undefined)[] = [];
  for (const planned of plan.promotions) {
    const { position } = planned;
    const body = bodyAt(planned, path);
    const reason = placeReason(planned.promotion.regions, path) ?? channelReason(body, channel);
    excluded[position] =
      reason === undefined ? undefined : { promotion: planned.promotion.id, reason };
    bodies[position] = body;
    if (reason !== undefined) continue;
    if (body.anchors === undefined) always.push(position);
    else {
      anchored.push(position);
      for (const anchor of body.anchors) byAnchor.entry(anchor, () => []).push(position);
    }
  }
  return { bodies, always, byAnchor, anchored, excluded };
}

function bodyAt({ variants, body }: PlannedPromotion, path: readonly string[]): PlannedBody {
  if (variants.size === 0) return body;
  for (const place of path) {
    const variant = variants.get(place);
    if (variant !== undefined) return variant;
  }
  return body;
}

/** From the store upwards, the first place that is mentioned decides. */
function placeReason(regions: Regions | undefined, path: readonly string[]): string | undefined {
  if (regions === undefined) return undefined;
  for (const place of path) {
    if (regions.except.includes(place)) return 'region-excluded';
    if (regions.in.includes(place)) return undefined;
  }
  if (regions.in.length === 0) return undefined;
  return path.length === 0 ? 'region-unknown' : 'region-excluded';
}

function channelReason({ channels }: PlannedBody, channel: string | undefined): string | undefined {
  if (channels === undefined) return undefined;
  return channel !== undefined && channels.has(channel) ? undefined : 'channel-excluded';
}
