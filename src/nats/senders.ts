/**
 * Who sent a message, as far as its subject tells. Tills publish to `till.<store>.tx.<key>` and
 * `till.<store>.quote.<key>`; the server maps these to `tx.<p>.<store>` and `quote.<p>.<store>`
 * and lets each till publish under its own store alone. A subject without a store is the
 * privilege of Arbiter's own services (`ops/access/nats`).
 */

/** Subjects on which answers are given; everything else could be somebody's command. */
const INBOX = '_INBOX.';
const PARTITION_TOKENS = 2;

/** The store whose till sent this, or `''` for one of our own services. */
export function storeOf(subject: string): string {
  const tokens = subject.split('.');
  return tokens.length > PARTITION_TOKENS ? (tokens.at(-1) ?? '') : '';
}

/** Where all answers to one store's tills go. */
export const tillInbox = (store: string): string => `${INBOX}till.${store}`;

/**
 * Whether an answer may be published there. We may publish where senders may not: a question
 * that asks to be answered in the log, or at the server's own interface, gets none.
 */
export function mayBeAnswered(subject: string, store: string): boolean {
  return subject.startsWith(store === '' ? INBOX : `${tillInbox(store)}.`);
}
