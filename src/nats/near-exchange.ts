/** A question that somebody waits for an answer to, however it came. */
export interface Question {
  readonly format: 'json' | 'msgpack' | 'unknown';
  readonly data: Uint8Array;
  /** The store whose till asks; `''` for one of our own services. */
  readonly store: string;
  /** Brings the answer to whoever asked. */
  readonly respond: (answer: Uint8Array | string) => void;
}

type Taker = (data: Uint8Array, subject: string) => void;

/**
 * The short way between a client and a processor that live in one process. Questions and answers
 * that are never stored need not travel to the server and back; whoever is not found here is
 * reached over NATS. What has to be durable always goes through the log.
 */
export class NearExchange {
  readonly #services = new Map<string, (question: Question) => void>();
  readonly #inboxes = new Map<string, Taker>();

  /** Answers the questions on a subject from now on; returns how to stop that. */
  serve(subject: string, answer: (question: Question) => void): () => void {
    this.#services.set(subject, answer);
    return () => this.#services.delete(subject);
  }

  /** False: nobody in this process answers questions on this subject. */
  ask(subject: string, question: Question): boolean {
    const answer = this.#services.get(subject);
    answer?.(question);
    return answer !== undefined;
  }

  /** Takes what is sent to `<prefix>.<what>.<number>`; returns how to stop that. */
  receive(prefix: string, take: Taker): () => void {
    this.#inboxes.set(prefix, take);
    return () => this.#inboxes.delete(prefix);
  }

  /** False: the inbox of this subject is in another process. */
  deliver(subject: string, data: Uint8Array): boolean {
    if (this.#inboxes.size === 0) return false;
    const take = this.#inboxes.get(prefixOf(subject));
    take?.(data, subject);
    return take !== undefined;
  }
}

/** Without its last two words. */
function prefixOf(subject: string): string {
  const number = subject.lastIndexOf('.');
  return subject.slice(0, subject.lastIndexOf('.', number - 1));
}
