import { type DemoStatus, renderStatus, renderStatusLine } from './status.ts';

/** Where the status is shown. `process.stdout` is one. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => unknown;
}

const COLUMNS = 100;
/** One plain line in so many showings: a log file is read, not watched. */
const PLAIN_EVERY = 10;

/** Shows the status again and again: redrawn in place on a terminal, as plain lines elsewhere. */
export class LiveScreen {
  readonly #terminal: Terminal;
  #drawnLines = 0;
  #shown = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(status: DemoStatus): void {
    this.#shown += 1;
    if (this.#terminal.isTTY === true) this.#redraw(renderStatus(status));
    else if (this.#shown % PLAIN_EVERY === 1) {
      this.#terminal.write(`${renderStatusLine(status)}\n`);
    }
  }

  /** Text that stays: the next showing starts below it. */
  print(text: string): void {
    this.#drawnLines = 0;
    this.#terminal.write(`${text}\n`);
  }

  #redraw(text: string): void {
    // A line that the terminal wraps would be two, and the next redraw would miss the top.
    const width = this.#terminal.columns ?? COLUMNS;
    const lines = text.split('\n').map((line) => [...line].slice(0, width - 1).join(''));
    const up = this.#drawnLines > 0 ? `\u001b[${this.#drawnLines}A` : '';
    const drawn = lines.map((line) => `\u001b[2K${line}\n`).join('');
    this.#terminal.write(`${up}\r${drawn}\u001b[0J`);
    this.#drawnLines = lines.length;
  }
}
