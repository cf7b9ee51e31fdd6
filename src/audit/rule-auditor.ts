import type { AuditEvent } from '../../ops/audit/chain.ts';
import type { RuleBooks } from '../../ops/rules/ports.ts';
import type { Act, Edit, RuleSetVersion, Schedule } from '../../ops/rules/version.ts';
import { type AccessStore, NO_RULES_TOLD, type RulesTold } from '../access/access-store.ts';

/** How often the books are looked at. */
const LOOK_MS = 2_000;
/** Entries told in one look; the rest is told in the next. */
const TOLD_MAX = 500;
/** Waiting schedules that are watched; more are told when they are made, and no more. */
const WAITING_MAX = 1_000;

/** The note of a new edit may be lost with its writer: after so many looks one looks for itself. */
const LOOKS_WITHOUT_COPY = 30;

export interface RuleAuditorOptions {
  readonly store: AccessStore;
  readonly books: Pick<
    RuleBooks,
    | 'latest'
    | 'version'
    | 'lastAct'
    | 'act'
    | 'lastSchedule'
    | 'scheduled'
    | 'lastEdit'
    | 'workingCopy'
  >;
  readonly now?: () => number;
  readonly onError: (error: unknown) => void;
}

/**
 * Tells in the audit list what happened to rule sets, from the books in which it is written down:
 * whoever did it, over HTTP, by a command straight to NATS, or a schedule whose time came. Each
 * row is written together with how far the books are told, so each entry is told once.
 */
export class RuleAuditor {
  readonly #options: RuleAuditorOptions;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;
  #looks = 0;

  constructor(options: RuleAuditorOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  #look(): void {
    // Whoever looks already sees what is new, or the next look does.
    if (this.#running === undefined) this.tellAll().catch(this.#options.onError);
  }

  /** Tells what is new in the books, one look after the other: each entry is told once. */
  async tellAll(): Promise<void> {
    while (this.#running) await this.#running.catch(() => {});
    const look = this.#tellAll();
    this.#running = look;
    try {
      await look;
    } finally {
      this.#running = undefined;
    }
  }

  async #tellAll(): Promise<void> {
    await this.#forgetLostBooks();
    await this.#tellVersions();
    await this.#tellActs();
    await this.#tellSchedules();
    await this.#tellEnds();
    await this.#tellEdits();
  }

  async #forgetLostBooks(): Promise<void> {
    const { store, books } = this.#options;
    const { act, actAt } = store.told();
    if (act === 0 || (await books.act(act))?.at === actAt) return;
    await this.#tell(NO_RULES_TOLD, ['rules.books-lost', 'rules', { act }], 'system');
  }

  async #tellVersions(): Promise<void> {
    const { store, books } = this.#options;
    const last = await books.latest();
    for (const number of next(store.told().version, last)) {
      const version = await books.version(number);
      const told = { ...store.told(), version: number };
      if (version) await this.#tell(told, ofVersion(version), version.author);
    }
  }

  async #tellActs(): Promise<void> {
    const { store, books } = this.#options;
    const last = (await books.lastAct())?.number ?? 0;
    for (const number of next(store.told().act, last)) {
      const act = await books.act(number);
      if (act === undefined) return;
      await this.#tell({ ...store.told(), act: number, actAt: act.at }, ofAct(act), act.author);
    }
  }

  async #tellSchedules(): Promise<void> {
    const { store, books } = this.#options;
    const last = await books.lastSchedule();
    for (const number of next(store.told().schedule, last)) {
      const schedule = (await books.scheduled(number))?.value;
      if (schedule === undefined) return;
      const { waiting } = store.told();
      const told = {
        ...store.told(),
        schedule: number,
        waiting: [...waiting, number].slice(-WAITING_MAX),
      };
      await this.#tell(told, ofSchedule(schedule, 'rules.scheduled'), schedule.author);
    }
  }

  async #tellEnds(): Promise<void> {
    const { store, books } = this.#options;
    for (const number of store.told().waiting) {
      const schedule = (await books.scheduled(number))?.value;
      if (schedule?.state === 'waiting') continue;
      const before = store.told();
      const told = { ...before, waiting: before.waiting.filter((one) => one !== number) };
      if (!schedule) continue;
      await this.#tell(told, ofSchedule(schedule, 'rules.schedule-ended'), schedule.author);
    }
  }

  /** What was done to the working copy. It is large, so it is read when there is something new. */
  async #tellEdits(): Promise<void> {
    const { store, books } = this.#options;
    const isDue = this.#looks % LOOKS_WITHOUT_COPY === 0;
    this.#looks += 1;
    if (!isDue && (await books.lastEdit()) === (store.told().edit ?? 0)) return;
    const edits = (await books.workingCopy())?.value.edits ?? [];
    const told = store.told().edit ?? 0;
    const from = told > (edits.at(-1)?.number ?? 0) ? 0 : told;
    const left = edits.filter(({ number }) => number > from);
    const missing = (left[0]?.number ?? 0) - from - 1;
    for (const edit of left) {
      const isFirst = edit === left[0] && missing > 0;
      const untold = isFirst ? { untold: missing } : {};
      await this.#tell({ ...store.told(), edit: edit.number }, ofEdit(edit, untold), edit.author);
    }
  }

  async #tell(told: RulesTold, [action, object, detail]: Told, author: string): Promise<void> {
    const { store, now = Date.now } = this.#options;
    await store.decideAside(() => {
      // Who it was is what the books say. Over HTTP they got it from the login; a command says
      // it of itself, and what vouches for it is the key it got to NATS with.
      const event: AuditEvent = {
        at: now(),
        actor: `books:${author}`,
        action,
        object,
        outcome: 'done',
        detail,
      };
      return { result: undefined, change: { told }, event };
    });
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running?.catch(() => {});
  }
}

type Told = readonly [string, string, AuditEvent['detail']];

function* next(told: number, last: number): Generator<number> {
  const end = Math.min(last, told + TOLD_MAX);
  for (let number = told + 1; number <= end; number += 1) yield number;
}

function ofVersion(version: RuleSetVersion): Told {
  const { version: number, hash, content, parent, authors, note, at } = version;
  const detail = { hash, content, parent: parent ?? null, authors: authors.join(','), note, at };
  return ['rules.published', `version ${number}`, detail];
}

function ofAct({ number, act, version, hash, before, note, at }: Act): Told {
  const detail = { number, act, hash, before: before ?? null, note, at };
  return ['rules.activated', `version ${version}`, detail];
}

/** `untold`: edits before this one that the working copy no longer remembers. */
function ofEdit(edit: Edit, untold: { readonly untold?: number }): Told {
  const { number, edit: name, nodes, changes, note, at } = edit;
  const detail = { number, edit: name, nodes: nodes.join(', '), changes, note, at, ...untold };
  return ['rules.edited', 'the working copy', detail];
}

function ofSchedule(schedule: Schedule, action: string): Told {
  const { number, version, due, note, at, state, message = '' } = schedule;
  return [action, `schedule ${number}`, { version, due, note, at, state, message }];
}
