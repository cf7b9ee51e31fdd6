import type { RulePorts } from '../../ops/rules/ports.ts';
import { runSchedule, schedules } from '../../ops/rules/schedule.ts';
import type { Schedule } from '../../ops/rules/version.ts';

/** How often schedules and unfinished acts are looked at. A plan is kept to this precision. */
const LOOK_MILLISECONDS = 1_000;

export interface StewardOptions {
  readonly ports: RulePorts;
  /** Brings acts that somebody began and did not finish into all logs. */
  readonly finish: () => Promise<void>;
  readonly onRun: (schedule: Schedule) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Does what was decided and has not happened yet: versions whose time has come, and acts whose
 * author died half way. Every processor has one; they do not get into each other's way.
 */
export class Steward {
  readonly #options: StewardOptions;
  readonly #timer: NodeJS.Timeout;
  /** Schedules that have had their time: they are not looked at again. */
  readonly #ended = new Set<number>();
  #running: Promise<void> | undefined;

  constructor(options: StewardOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      this.#running ??= this.#look().finally(() => {
        this.#running = undefined;
      });
    }, LOOK_MILLISECONDS);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const { ports, finish, onRun, onError } = this.#options;
    try {
      await finish();
      const now = ports.now();
      const open = await schedules(ports, this.#ended);
      for (const { value } of open) {
        if (value.state !== 'waiting') this.#ended.add(value.number);
      }
      const due = open
        .filter(({ value }) => value.state === 'waiting' && Date.parse(value.due) <= now)
        .sort((left, right) => Date.parse(left.value.due) - Date.parse(right.value.due));
      for (const one of due) {
        const ended = await runSchedule(ports, one);
        if (ended) onRun(ended);
      }
    } catch (error) {
      // The next look makes up for it.
      onError(error);
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }
}
