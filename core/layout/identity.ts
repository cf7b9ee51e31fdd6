import type { Standing } from '../ledger/standing.ts';
import type { TierState } from '../ledger/tier-state.ts';
import type { Instant, Points } from '../money/units.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import { readList, readOptionalInteger, writeOptionalInteger } from './fields.ts';

/** Pieces of a member's record: where it stands in the programme and in its tier groups. */

const STANDINGS = ['open', 'closed', 'merged'] as const;

export function writeStanding(writer: ByteWriter, standing: Standing): void {
  writer.byte(STANDINGS.indexOf(standing.kind));
  if (standing.kind === 'open') return;
  writer.unsigned(standing.at);
  if (standing.kind !== 'merged') return;
  writer.string(standing.into);
  writer.string(standing.merge);
}

// Instants and points were checked when they were first made; each `as` only restores them.
export function readStanding(reader: ByteReader): Standing {
  const kind = STANDINGS[reader.byte()];
  if (kind === undefined || kind === 'open') return { kind: 'open' };
  const at = reader.unsigned() as Instant;
  if (kind === 'closed') return { kind, at };
  return { kind, at, into: reader.string(), merge: reader.string() };
}

export function writeTier(writer: ByteWriter, state: TierState): void {
  writer.string(state.tier);
  writer.string(state.base);
  writer.unsigned(state.since);
  writer.unsigned(state.entered);
  writer.signed(state.earned);
  writeOptionalInteger(writer, state.periodEnd);
  writeOptionalInteger(writer, state.resetAt);
  writeOptionalInteger(writer, state.falling?.at);
  if (state.falling) writer.string(state.falling.tier);
  writer.unsigned(state.history.length);
  for (const span of state.history) {
    writer.string(span.tier);
    writer.unsigned(span.from);
    writer.unsigned(span.until);
  }
}

export function readTier(reader: ByteReader): TierState {
  const [tier, base] = [reader.string(), reader.string()];
  const [since, entered] = [reader.unsigned(), reader.unsigned()];
  const earned = reader.signed() as Points;
  const periodEnd = readOptionalInteger(reader) as Instant | undefined;
  const resetAt = readOptionalInteger(reader) as Instant | undefined;
  const fallsAt = readOptionalInteger(reader) as Instant | undefined;
  return {
    tier,
    base,
    since: since as Instant,
    entered: entered as Instant,
    earned,
    periodEnd,
    resetAt,
    falling: fallsAt === undefined ? undefined : { tier: reader.string(), at: fallsAt },
    history: readList(reader, (from) => ({
      tier: from.string(),
      from: from.unsigned() as Instant,
      until: from.unsigned() as Instant,
    })),
  };
}
