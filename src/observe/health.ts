/** How the parts of the process are. Readiness is what a load balancer asks for. */

export interface PartHealth {
  readonly state: 'up' | 'down';
  /** Without a required part nothing can be processed. */
  readonly required: boolean;
  /** What a person should know about the state. */
  readonly detail: string;
}

export interface HealthReport {
  readonly ready: boolean;
  readonly parts: Readonly<Record<string, PartHealth>>;
}

/** Where one part says how it is. It starts as down. */
export interface PartSwitch {
  up(detail?: string): void;
  down(detail: string): void;
}

export class Health {
  readonly #parts = new Map<string, PartHealth>();

  /** A part without which the process is not ready, such as the store. */
  required(name: string): PartSwitch {
    return this.#part(name, true);
  }

  /** A part whose failure is shown but does not stop processing, such as ClickHouse. */
  optional(name: string): PartSwitch {
    return this.#part(name, false);
  }

  report(): HealthReport {
    const parts = [...this.#parts.values()];
    const ready = parts.every(({ required, state }) => !required || state === 'up');
    return { ready, parts: Object.fromEntries(this.#parts) };
  }

  #part(name: string, required: boolean): PartSwitch {
    const set = (state: 'up' | 'down', detail: string) => {
      this.#parts.set(name, { state, required, detail });
    };
    set('down', 'not started yet');
    return {
      up: (detail = '') => set('up', detail),
      down: (detail) => set('down', detail),
    };
  }
}
