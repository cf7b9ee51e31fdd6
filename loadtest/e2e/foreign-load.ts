import { availableParallelism } from 'node:os';
import type { Deployment, RunningProcessor } from './deployment.ts';
import { busySeconds } from './machine.ts';
import { cpuSeconds } from './process-figures.ts';

/** How much of the processors everything else on this machine took while we measured. */
export class ForeignLoad {
  readonly #started = performance.now();
  readonly #busyBefore = busySeconds();
  readonly #seen = new Map<number, number>();

  /** To be called while the processes still run. */
  sample(deployment: Deployment, processor: RunningProcessor): void {
    for (const pid of [deployment.natsPid, processor.pid, processor.clickhousePid, process.pid]) {
      this.#seen.set(pid, cpuSeconds(pid));
    }
  }

  get share(): number {
    const elapsed = (performance.now() - this.#started) / 1_000;
    const ours = [...this.#seen.values()].reduce((sum, seconds) => sum + seconds, 0);
    const foreign = busySeconds() - this.#busyBefore - ours;
    return Math.max(0, foreign / (elapsed * availableParallelism()));
  }
}
