/**
 * Who sent a message, as far as its subject tells. Tills publish to `till.<store>.tx.<key>` and
 * `till.<store>.quote.<key>`; the server maps these to `tx.<p>.<store>` and `quote.<p>.<store>`
 * and lets each till publish under its own store alone. A subject without a store is the
 * privilege of Arbiter's own services (`ops/access/nats`).
 */

/** Subjects on which answers are given; everything else could be somebody's command. */
const INBOX = '_INBOX.';
const TILL_INBOXES = `${INBOX}till.`;

/** The store whose till sent this, or `''` for one of our own services. */
export function storeOf(subject: string): string {
  const end = subject.indexOf('.', subject.indexOf('.') + 1);
  return end < 0 ? '' : subject.slice(end + 1);
}

/** Where all answers to one store's tills go. */
export const tillInbox = (store: string): string => `${TILL_INBOXES}${store}`;

/**
 * Whether an answer may be published there. We may publish where senders may not: a question
 * that asks to be answered in the log, at the server's own interface or by another store's till
 * gets none. The inboxes of services have names that nobody can guess; a gateway speaks for
 * stores and is answered in its own.
 */
export function mayBeAnswered(subject: string, store: string): boolean {
  if (!subject.startsWith(INBOX)) return false;
  return !subject.startsWith(TILL_INBOXES) || subject.startsWith(`${tillInbox(store)}.`);
}
