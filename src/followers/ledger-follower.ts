import { failPoint } from '../../workers/fail-point.ts';
import type { Cursors } from '../store/cursors.ts';

/** Letters that may wait in memory for one partition; more are read from the ledger later. */
export const LETTERS_WAITING_MAX = 4_096;
const RETRY_MILLISECONDS = 1_000;

/** What a stretch of the ledger has to tell, ready to publish. */
export interface Letters {
  /** Last ledger sequence of the stretch. */
  readonly through: number;
  readonly letters: readonly Uint8Array[];
}

export interface FollowerPorts {
  /** Publishes one letter; resolves when the stream has stored it. */
  readonly publish: (partition: number, letter: Uint8Array) => Promise<void>;
  /** Reads the letters after a ledger sequence; `undefined` at the end of the ledger. */
  readonly scan: (partition: number, after: number) => Promise<Letters | undefined>;
  readonly onError: (error: unknown) => void;
}

interface Position {
  /** Everything up to here is published. */
  published: number;
  waiting: Letters[];
  count: number;
  /** Memory was full, or the process starts: the ledger has to be read. */
  behind: boolean;
  /** How often the ledger grew while it had to be read. */
  grown: number;
  running: boolean;
}

/**
 * Publishes what the ledger has to tell: copies of rejections, letters about leases. It follows
 * the ledger by a cursor, so nothing is left out whatever is killed, and letters of a partition
 * keep their order; one may come twice, each names its transaction.
 */
export class LedgerFollower {
  readonly #name: string;
  readonly #ports: FollowerPorts;
  readonly #cursors: Cursors;
  readonly #followers = new Map<number, Position>();
  readonly #saved = new Map<number, number>();
  readonly #timer: NodeJS.Timeout;
  #saving: Promise<void> | undefined;
  #stopped = false;

  constructor(
    ports: FollowerPorts,
    follows: {
      /** Names the cursor. */
      readonly name: string;
      readonly cursors: Cursors;
      /** How often the cursor is written down. After a crash, this much may be published twice. */
      readonly saveMilliseconds: number;
      readonly partitions: readonly number[];
    },
  ) {
    const { name, cursors, saveMilliseconds, partitions } = follows;
    this.#name = name;
    this.#ports = ports;
    this.#cursors = cursors;
    for (const partition of partitions) {
      const published = cursors.get(name, partition);
      this.#saved.set(partition, published);
      const follower = { published, waiting: [], count: 0, behind: true, grown: 0, running: false };
      this.#followers.set(partition, follower);
    }
    this.#timer = setInterval(() => this.#saveSoon(), saveMilliseconds);
    this.#timer.unref();
  }

  /** Publishes what a crash may have left unpublished. */
  start(): void {
    for (const partition of this.#followers.keys()) this.#run(partition);
  }

  /** The ledger of a partition grew. */
  follow(partition: number, grown: Letters): void {
    const follower = this.#followers.get(partition);
    if (!follower) return;
    if (!follower.behind && grown.letters.length === 0 && follower.waiting.length === 0) {
      if (!follower.running) follower.published = grown.through;
      else follower.waiting.push(grown);
      return;
    }
    if (follower.behind) follower.grown += 1;
    if (follower.count + grown.letters.length > LETTERS_WAITING_MAX) {
      follower.waiting = [];
      follower.count = 0;
      follower.behind = true;
    } else if (!follower.behind) {
      follower.waiting.push(grown);
      follower.count += grown.letters.length;
    }
    this.#run(partition);
  }

  #run(partition: number): void {
    const follower = this.#followers.get(partition);
    if (!follower || follower.running || this.#stopped) return;
    follower.running = true;
    void this.#drain(partition, follower).finally(() => {
      follower.running = false;
      if (follower.waiting.length > 0) this.#run(partition);
    });
  }

  async #drain(partition: number, follower: Position): Promise<void> {
    while (!this.#stopped) {
      try {
        const next = follower.waiting[0] ?? (await this.#scan(partition, follower));
        if (!next) return;
        for (const letter of next.letters) {
          await this.#ports.publish(partition, letter);
          failPoint('letter-published');
        }
        follower.published = Math.max(follower.published, next.through);
        if (follower.waiting[0] === next) {
          follower.waiting.shift();
          follower.count -= next.letters.length;
        }
      } catch (error) {
        this.#ports.onError(error);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS));
      }
    }
  }

  async #scan(partition: number, follower: Position): Promise<Letters | undefined> {
    while (follower.behind) {
      const { grown } = follower;
      const found = await this.#ports.scan(partition, follower.published);
      if (found) return found;
      // What the ledger grew by during the look may have come too late for it.
      if (follower.grown === grown) follower.behind = false;
    }
    return undefined;
  }

  /** One at a time, so that what is known to be saved never goes back. */
  #saveSoon(): void {
    this.#saving ??= this.#save().finally(() => {
      this.#saving = undefined;
    });
  }

  async #save(): Promise<void> {
    const moved = new Map<number, number>();
    for (const [partition, { published }] of this.#followers) {
      if (this.#saved.get(partition) !== published) moved.set(partition, published);
    }
    try {
      await this.#cursors.put(this.#name, moved);
    } catch (error) {
      // A cursor that stays behind only repeats letters after the next start.
      this.#ports.onError(error);
      return;
    }
    if (moved.size > 0) failPoint('letters-saved');
    for (const [partition, published] of moved) this.#saved.set(partition, published);
  }

  /** Writes the cursors down; what is not published yet is published after the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#saving;
    await this.#save();
  }
}
