import { decodeCheckout, decodeHold } from './decode-checkout.ts';
import { decodeCapture, decodeDelivery, decodeRelease } from './decode-hold.ts';
import { decodeClose, decodeLink, decodeMerge, decodeUnmerge } from './decode-identity.ts';
import { decodeLease } from './decode-lease.ts';
import { decodeAdjustment, decodeEnrolment } from './decode-member.ts';
import { decodeTransfer, decodeTrigger } from './decode-member-event.ts';
import { decodeRelay, decodeRelayed } from './decode-relay.ts';
import { decodeCancel, decodeReturn } from './decode-reversal.ts';
import { decodeActivation, decodeTick } from './decode-system.ts';
import { type Diagnosis, diagnoseName } from './diagnose.ts';
import { isName, isRaw, type Problem, type Raw, Reader } from './reader.ts';
import { TRANSACTION_KINDS, type Transaction, type TransactionKind } from './transaction.ts';

/** Why a transaction was refused, with as much of its identity as could be read. */
export interface Rejection extends Problem {
  readonly id: string | undefined;
  readonly kind: TransactionKind | undefined;
  readonly member: string | undefined;
}

export type Decoded =
  | { readonly ok: true; readonly transaction: Transaction }
  | { readonly ok: false; readonly rejection: Rejection };

/** Kinds of the language that this version does not process yet. */
export const UNSUPPORTED_KINDS: ReadonlySet<string> = new Set(['activate-code']);

const NOT_AN_OBJECT: Problem = {
  reason: 'not-an-object',
  path: '',
  message: 'The transaction has to be an object.',
};

/**
 * Checks one transaction of an untrusted sender, as JSON or msgpack gave it, and copies it into
 * our own shape. Never throws, whatever the value is.
 */
export function decodeTransaction(value: unknown): Decoded {
  if (!isRaw(value)) return refuse(NOT_AN_OBJECT, {});
  const reader = new Reader();
  const transaction = decodeKind(reader, value);
  if (reader.problem !== undefined) return refuse(reader.problem, value);
  return transaction === undefined ? refuse(NOT_AN_OBJECT, value) : { ok: true, transaction };
}

function decodeKind(reader: Reader, raw: Raw): Transaction | undefined {
  switch (raw.kind) {
    case 'checkout':
    case 'quote':
      return decodeCheckout(reader, raw, raw.kind);
    case 'return':
      return decodeReturn(reader, raw);
    case 'cancel':
      return decodeCancel(reader, raw);
    case 'enrol':
      return decodeEnrolment(reader, raw);
    case 'adjust':
      return decodeAdjustment(reader, raw);
    case 'hold':
      return decodeHold(reader, raw);
    case 'capture':
      return decodeCapture(reader, raw);
    case 'release':
      return decodeRelease(reader, raw);
    case 'deliver':
      return decodeDelivery(reader, raw);
    case 'tick':
      return decodeTick(reader, raw);
    case 'activation':
      return decodeActivation(reader, raw);
    case 'trigger':
      return decodeTrigger(reader, raw);
    case 'transfer':
      return decodeTransfer(reader, raw);
    case 'link':
      return decodeLink(reader, raw);
    case 'merge':
      return decodeMerge(reader, raw);
    case 'unmerge':
      return decodeUnmerge(reader, raw);
    case 'close':
      return decodeClose(reader, raw);
    case 'relay':
      return decodeRelay(reader, raw);
    case 'relayed':
      return decodeRelayed(reader, raw);
    case 'lease':
      return decodeLease(reader, raw);
    default:
      reader.fail(diagnoseKind(raw.kind), 'kind');
      return undefined;
  }
}

function diagnoseKind(kind: unknown): Diagnosis {
  if (!isName(kind)) return diagnoseName(kind);
  if (UNSUPPORTED_KINDS.has(kind)) {
    return { reason: 'unsupported-kind', says: 'is not processed yet.' };
  }
  const says = `has to be one of ${TRANSACTION_KINDS.join(', ')}.`;
  return { reason: 'unknown-kind', says };
}

function refuse(problem: Problem, raw: Raw): Decoded {
  const { reason, path, message } = problem;
  const kind = TRANSACTION_KINDS.find((known) => known === raw.kind);
  const id = isName(raw.id) ? raw.id : undefined;
  const member = isName(raw.member) ? raw.member : undefined;
  return { ok: false, rejection: { reason, path, message, id, kind, member } };
}
