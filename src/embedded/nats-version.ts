import { runCommand } from './commands.ts';

/** The first server whose JetStream the client works with. */
const OLDEST = [2, 9, 4] as const;
const VERSION_MS_MAX = 10_000;

/** The version a nats-server program names, or undefined when it is none or cannot run. */
export async function natsVersion(program: string): Promise<string | undefined> {
  try {
    const said = await runCommand(program, ['--version'], { withinMs: VERSION_MS_MAX });
    return /nats-server: v(\d+\.\d+\.\d+)/.exec(said)?.[1];
  } catch {
    return undefined;
  }
}

/** Whether the first version is the second or a later one. */
export function isAtLeast(version: string, oldest: readonly number[] = OLDEST): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, least] of oldest.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
