/** How far a replay is. */
export interface ReplayProgress {
  readonly bytes: number;
  readonly bytesRead: number;
  readonly rows: number;
  readonly transactions: number;
  readonly milliseconds: number;
}

/** Where progress is shown: a terminal's line is redrawn, anything else gets lines. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly write: (text: string) => unknown;
}

const BAR_WIDTH = 24;
const TTY_EVERY_MS = 100;
const PLAIN_EVERY_MS = 5_000;
const numbers = new Intl.NumberFormat('en-GB');

/** One line: a bar, the share of the file, rows, transactions and their rate, time to go. */
export function renderProgress(progress: ReplayProgress): string {
  const share = progress.bytes === 0 ? 1 : Math.min(1, progress.bytesRead / progress.bytes);
  const full = Math.floor(share * BAR_WIDTH);
  const bar = '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
  const percent = String(Math.floor(share * 100)).padStart(3);
  const seconds = progress.milliseconds / 1_000;
  const rate = seconds === 0 ? 0 : Math.round(progress.transactions / seconds);
  const left = share === 0 ? '' : `  ${clock((seconds / share) * (1 - share))} to go`;
  return (
    `${bar} ${percent} %  ${numbers.format(progress.rows)} rows  ` +
    `${numbers.format(progress.transactions)} transactions  ${numbers.format(rate)}/s${left}`
  );
}

/** Draws progress at most as often as a reader can follow. Time comes from the caller. */
export class ProgressLine {
  readonly #screen: Screen;
  #drawnAt = -Infinity;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  update(progress: ReplayProgress): void {
    const every = this.#screen.isTTY === true ? TTY_EVERY_MS : PLAIN_EVERY_MS;
    if (progress.milliseconds - this.#drawnAt >= every) this.#draw(progress);
  }

  /** The last state, whenever it was drawn before. */
  finish(progress: ReplayProgress): void {
    this.#draw(progress);
    if (this.#screen.isTTY === true) this.#screen.write('\n');
  }

  #draw(progress: ReplayProgress): void {
    this.#drawnAt = progress.milliseconds;
    const line = renderProgress(progress);
    this.#screen.write(this.#screen.isTTY === true ? `\r\u001b[2K${line}` : `${line}\n`);
  }
}

function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
