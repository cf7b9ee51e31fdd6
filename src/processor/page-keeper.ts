/** What a busy second maps is little; a page that is really in use is mapped again without disk. */
const ROUND_MILLISECONDS = 1_000;

/** Lets the stores go of their pages again and again; returns how to stop that. */
export function keepPagesFew(letGo: () => Promise<number>): () => void {
  let isBusy = false;
  const next = async (): Promise<void> => {
    // While the thread formats a long stretch, the next round may as well wait.
    if (isBusy) return;
    isBusy = true;
    // Where it cannot be done, memory is only shown larger than it needs to be.
    const done = await letGo().catch(() => 0);
    isBusy = false;
    if (done === 0) stop();
  };
  const timer = setInterval(() => void next(), ROUND_MILLISECONDS);
  timer.unref();
  const stop = (): void => clearInterval(timer);
  return stop;
}
