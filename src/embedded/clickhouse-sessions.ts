import type { Connection, Engine } from './chdb-engine.ts';
import { exception } from './clickhouse-error.ts';
import type { SessionRequest } from './clickhouse-request.ts';

/** Named HTTP sessions held at the same time; each keeps a connection of the engine. */
const SESSIONS_MAX = 64;

type Held = { readonly connection: Connection; busy: boolean; timer?: NodeJS.Timeout };

/** The connections of requests: a fresh one each, or the one their `session_id` names. */
export class Sessions {
  readonly #engine: Engine;
  readonly #held = new Map<string, Held>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async use<T>(
    session: SessionRequest | undefined,
    work: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    if (session !== undefined) return this.#useHeld(session, work);

    const connection = this.#engine.connect();
    try {
      return await work(connection);
    } finally {
      connection.close();
    }
  }

  async #useHeld<T>(
    session: SessionRequest,
    work: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    const held = this.#held.get(session.id) ?? this.#begin(session);
    if (held.busy) throw exception(373, 'SESSION_IS_LOCKED', `Session ${session.id} is locked`);

    held.busy = true;
    clearTimeout(held.timer);
    try {
      return await work(held.connection);
    } finally {
      held.busy = false;
      held.timer = setTimeout(() => this.#end(session.id), session.seconds * 1_000).unref();
    }
  }

  #begin(session: SessionRequest): Held {
    if (session.mustExist) throw exception(372, 'SESSION_NOT_FOUND', 'Session not found');
    if (this.#held.size >= SESSIONS_MAX) {
      const text = `Too many HTTP sessions. Maximum: ${SESSIONS_MAX}`;
      throw exception(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', text);
    }
    const held: Held = { connection: this.#engine.connect(), busy: false };
    this.#held.set(session.id, held);
    return held;
  }

  #end(id: string): void {
    this.#held.get(id)?.connection.close();
    this.#held.delete(id);
  }

  close(): void {
    for (const [id, held] of this.#held) {
      clearTimeout(held.timer);
      this.#end(id);
    }
  }
}
