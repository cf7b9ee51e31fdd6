import { JetStreamApiError } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from 'nats';
import type { Held, RuleBooks } from '../../ops/rules/ports.ts';
import type {
  Act,
  Approval,
  Draft,
  RuleSetVersion,
  Schedule,
  WorkingCopy,
} from '../../ops/rules/version.ts';
import { Fault } from '../fault.ts';

const BUCKET = 'rules';
/**
 * Bytes of one document: some 5,000 campaigns. Whoever looks at one takes it apart on the thread
 * that serves tills as well, for about a tenth of a second a MiB.
 */
export const RULE_SET_BYTES_MAX = 2 << 20;
/** Of the working copy: a document, and who touched which node of it. */
const WORKING_COPY_BYTES_MAX = 2 * RULE_SET_BYTES_MAX;
/** Tries to get the next number while others take numbers as well. */
const NUMBER_ATTEMPTS_MAX = 100;
/** Room for what surrounds a value in a message. */
const HEADER_BYTES = 4 << 10;
const WORKING_COPY = 'working-copy';
/** The number of the latest edit of the working copy, for who need not read all of that. */
const LATEST_EDIT = 'latest-edit';
/** The highest act that every partition's log has. */
const DONE = 'acts-done';

/** What is numbered: the prefix of its keys, and the key that remembers the latest number. */
const NUMBERED = {
  version: { prefix: 'v', hint: 'latest' },
  act: { prefix: 'a', hint: 'latest-act' },
  schedule: { prefix: 's', hint: 'latest-schedule' },
} as const;
type Numbered = (typeof NUMBERED)[keyof typeof NUMBERED];

/**
 * Rule sets in JetStream's key-value bucket, for all processes of a deployment: documents under
 * their content, versions, acts and schedules under their numbers. A number is given by creating
 * its key, which only one can do; nothing that has a number but a schedule ever changes.
 */
export class KvRuleBooks implements RuleBooks {
  readonly #bucket: KV;
  /** Bytes that the server takes in one message. */
  readonly #messageBytes: number;

  private constructor(bucket: KV, messageBytes: number) {
    this.#bucket = bucket;
    this.#messageBytes = messageBytes;
  }

  static async open(
    connection: NatsConnection,
    given: { readonly replicas: number },
  ): Promise<KvRuleBooks> {
    const options = { replicas: given.replicas, history: 1, max_bytes: -1 };
    const most = connection.info?.max_payload ?? Number.POSITIVE_INFINITY;
    const bucket = await new Kvm(connection).create(BUCKET, options);
    return new KvRuleBooks(bucket, most - HEADER_BYTES);
  }

  latest(): Promise<number> {
    return this.#last(NUMBERED.version);
  }

  version(number: number): Promise<RuleSetVersion | undefined> {
    return this.#get<RuleSetVersion>(`v.${number}`);
  }

  async documentOf({ version, content }: RuleSetVersion): Promise<unknown> {
    const document = await this.#get<unknown>(`d.${plain(content)}`);
    if (document !== undefined) return document;
    throw new Fault('rule-set-lost', `the document of version ${version} is not in the bucket`, {
      retry: 'operator',
      facts: { bucket: BUCKET, content },
    });
  }

  /** The version of a hash; of several that mean the same, the first. */
  async versionOf(hash: string): Promise<RuleSetVersion | undefined> {
    const number = await this.#get<number>(`h.${plain(hash)}`);
    return number === undefined ? undefined : this.version(number);
  }

  async publish({ document, ...draft }: Draft): Promise<RuleSetVersion> {
    const contentKey = `c.${plain(draft.content)}`;
    const known = await this.#get<number>(contentKey);
    const published = known === undefined ? undefined : await this.version(known);
    if (published) return published;

    const text = JSON.stringify(document);
    this.#limit(text, RULE_SET_BYTES_MAX);
    await this.#create(`d.${plain(draft.content)}`, text);
    const version = await this.#number(NUMBERED.version, (number) => ({
      version: number,
      ...draft,
    }));
    const number = String(version.version);
    await this.#create(`h.${plain(draft.hash)}`, number);
    // Last: who finds this key finds everything else.
    await this.#create(contentKey, number);
    return version;
  }

  async lastAct(): Promise<Act | undefined> {
    const last = await this.#last(NUMBERED.act);
    return last === 0 ? undefined : this.act(last);
  }

  act(number: number): Promise<Act | undefined> {
    return this.#get<Act>(`a.${number}`);
  }

  /** Writes an act down under its number. False: the number is taken. */
  async begin(act: Act): Promise<boolean> {
    if (!(await this.#create(`a.${act.number}`, JSON.stringify(act)))) return false;
    await this.#bucket.put(NUMBERED.act.hint, String(act.number));
    return true;
  }

  /** Acts up to this one are in the logs of all partitions. */
  async done(): Promise<number> {
    return (await this.#get<number>(DONE)) ?? 0;
  }

  /** An older number that comes late only has a few acts repeated, which changes nothing. */
  async noteDone(number: number): Promise<void> {
    await this.#bucket.put(DONE, String(number));
  }

  lastSchedule(): Promise<number> {
    return this.#last(NUMBERED.schedule);
  }

  schedule(given: Omit<Schedule, 'number' | 'state'>): Promise<Schedule> {
    return this.#number(NUMBERED.schedule, (number) => ({ number, ...given, state: 'waiting' }));
  }

  scheduled(number: number): Promise<Held<Schedule> | undefined> {
    return this.#held<Schedule>(`s.${number}`);
  }

  keepSchedule(schedule: Schedule, revision: number): Promise<boolean> {
    return this.#update(`s.${schedule.number}`, schedule, revision);
  }

  approvals(version: number): Promise<Held<readonly Approval[]> | undefined> {
    return this.#held<readonly Approval[]>(`p.${version}`);
  }

  async keepApprovals(
    version: number,
    approvals: readonly Approval[],
    revision: number,
  ): Promise<boolean> {
    const key = `p.${version}`;
    if (revision === 0) return this.#create(key, JSON.stringify(approvals));
    return this.#update(key, approvals, revision);
  }

  workingCopy(): Promise<Held<WorkingCopy> | undefined> {
    return this.#held<WorkingCopy>(WORKING_COPY);
  }

  async keepWorkingCopy(copy: WorkingCopy, revision: number): Promise<boolean> {
    const text = JSON.stringify(copy);
    this.#limit(text, WORKING_COPY_BYTES_MAX);
    const isKept = await (revision === 0
      ? this.#create(WORKING_COPY, text)
      : isFirst(() => this.#bucket.update(WORKING_COPY, text, revision)));
    const last = copy.edits?.at(-1);
    if (isKept && last) await this.#bucket.put(LATEST_EDIT, String(last.number));
    return isKept;
  }

  async lastEdit(): Promise<number> {
    return (await this.#get<number>(LATEST_EDIT)) ?? 0;
  }

  /** What is in the bucket was written by this class. */
  async #get<T>(key: string): Promise<T | undefined> {
    return (await this.#held<T>(key))?.value;
  }

  async #held<T>(key: string): Promise<Held<T> | undefined> {
    const entry = await this.#bucket.get(key);
    if (entry?.operation !== 'PUT') return undefined;
    return { value: entry.json<T>(), revision: entry.revision };
  }

  /** The remembered number may be behind when its writer died. */
  async #last({ prefix, hint }: Numbered): Promise<number> {
    let last = (await this.#get<number>(hint)) ?? 0;
    while (await this.#bucket.get(`${prefix}.${last + 1}`)) last += 1;
    return last;
  }

  async #number<T>(kind: Numbered, make: (number: number) => T): Promise<T> {
    for (let attempt = 0; attempt < NUMBER_ATTEMPTS_MAX; attempt += 1) {
      const number = (await this.#last(kind)) + 1;
      const made = make(number);
      if (!(await this.#create(`${kind.prefix}.${number}`, JSON.stringify(made)))) continue;
      await this.#bucket.put(kind.hint, String(number));
      return made;
    }
    throw new Fault('bucket-contended', 'others take every number first', {
      retry: 'after-backoff',
      facts: { bucket: BUCKET },
    });
  }

  /** A server with a small `max_payload` would close the connection over what is larger. */
  #limit(text: string, most: number): void {
    const bytes = Buffer.byteLength(text);
    const limit = Math.min(most, this.#messageBytes);
    if (bytes > limit) throw tooLarge(bytes, limit);
  }

  async #create(key: string, text: string): Promise<boolean> {
    return isFirst(() => this.#bucket.create(key, text));
  }

  async #update(key: string, value: unknown, revision: number): Promise<boolean> {
    return isFirst(() => this.#bucket.update(key, JSON.stringify(value), revision));
  }
}

/** What the server answers when a key was written after the revision that a write names. */
const WRONG_LAST_SEQUENCE: readonly number[] = [10_071, 10_164];

async function isFirst(write: () => Promise<number>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    const isTaken =
      error instanceof JetStreamApiError && WRONG_LAST_SEQUENCE.includes(error.apiError().err_code);
    if (isTaken) return false;
    throw error;
  }
}

function tooLarge(bytes: number, most: number): Fault {
  const message = `the rule set takes ${bytes} bytes; it may take ${most} here`;
  return new Fault('rule-set-too-large', message, { retry: 'operator', facts: { bytes } });
}

/** Bucket keys allow fewer characters than hashes have. */
function plain(hash: string): string {
  return hash.replaceAll(/[^A-Za-z0-9_-]/g, '-');
}
