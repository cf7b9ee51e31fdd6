import { assert } from '../assert.ts';
import { fold } from '../fold.ts';
import type { BatchState } from '../ledger/batch-state.ts';
import type { LedgerRecord } from '../ledger/record.ts';
import { OUTGOING_PREFIX, readOutgoing } from '../ledger/registry.ts';
import { type Carried, relayedOf, relayOf } from '../ledger/relay/carry.ts';
import type { Moment } from '../ledger/state.ts';
import { renderOutcome } from '../outcome/render.ts';
import { decodeTransaction } from '../transaction/decode.ts';

/** Relays that one transaction of a fixture may set off, with those that they set off. */
const RELAYS_MAX = 1_000;

/**
 * Brings each open relay to whom it is for, and the answer back, until none is open: what the
 * carrier of a deployment does a moment later happens before the fixture's next transaction.
 * Gives the ledger sequence of the last record; `told` hears of each.
 */
export function carryRelays(
  state: BatchState,
  moment: Moment,
  told: (record: LedgerRecord) => void = () => {},
): number {
  let { sequence } = moment;
  const send = ({ transaction }: Carried): LedgerRecord => {
    const decoded = decodeTransaction(transaction);
    assert(decoded.ok, 'a relay is well-formed', transaction);
    sequence += 1;
    const folded = fold(state, decoded, { ...moment, sequence });
    assert(folded.kind === 'recorded', 'a relay is sent once here', folded.kind);
    sequence += folded.followUps.length;
    told(folded.record);
    for (const record of folded.followUps) told(record);
    return folded.record;
  };
  for (let carried = 0; ; carried += 1) {
    const [open] = state.registeredFrom(OUTGOING_PREFIX, 1);
    if (!open) return sequence;
    assert(carried < RELAYS_MAX, 'relays come to an end', carried);
    const outgoing = readOutgoing(open[1]);
    const { status, reason, sendFor } = renderOutcome(send(relayOf(outgoing)).outcome);
    send(relayedOf(outgoing, { status, reason, sendFor }));
  }
}
