import { Fault } from '../fault.ts';
import { decodeAnswer } from './format.ts';

const REFUSAL_START = Buffer.from('{"error"');

/** What the processor answers about members that it does not have. */
export const UNKNOWN_MEMBER = 'unknown-member';

/** Throws a `Fault` if the processor did not answer the question, but said why not. */
export function requireAnswer(answer: Uint8Array, subject: string): void {
  const refusal = refusalIn(answer);
  if (refusal !== undefined) throw refused(refusal, subject);
}

/** Why the processor did not answer the question; it says so in JSON, whatever was asked in. */
function refusalIn(bytes: Uint8Array): string | undefined {
  if (!startsWith(bytes, REFUSAL_START)) return undefined;
  const answer = decodeAnswer(bytes, 'json');
  const named = typeof answer === 'object' && answer !== null && 'error' in answer;
  if (!named || answer.error === UNKNOWN_MEMBER) return undefined;
  return String(answer.error);
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  for (let at = 0; at < start.length; at += 1) {
    if (bytes[at] !== start[at]) return false;
  }
  return true;
}

function refused(refusal: string, subject: string): Fault {
  const overload = refusal === 'overloaded';
  const code = overload ? refusal : 'processor-failed';
  const message = overload ? 'too many questions wait in the processor' : 'the processor failed';
  const facts = { subject, refusal };
  return new Fault(code, message, { retry: overload ? 'after-backoff' : 'operator', facts });
}
