import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
    };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const TOP = 30;

/** The functions with the most time of their own, for each thread's profile in a folder. */
export function summariseProfiles(folder: string): string {
  const files = readdirSync(folder).filter((file) => file.endsWith('.cpuprofile'));
  return files
    .sort()
    .map((file) => `${file}\n${summary(JSON.parse(readFileSync(join(folder, file), 'utf8')))}`)
    .join('\n\n');
}

function summary(profile: Profile): string {
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const own = new Map<string, number>();
  let busy = 0;
  for (const [index, id] of profile.samples.entries()) {
    const name = names.get(id) ?? '?';
    const time = profile.timeDeltas[index] ?? 0;
    own.set(name, (own.get(name) ?? 0) + time);
    if (!name.startsWith('(idle)')) busy += time;
  }
  const rows = [...own].filter(([name]) => !name.startsWith('(idle)'));
  const top = rows.sort(([, a], [, b]) => b - a).slice(0, TOP);
  const lines = top.map(
    ([name, time]) =>
      `${(time / 1_000).toFixed(0).padStart(8)} ms ${((100 * time) / busy).toFixed(1).padStart(5)} %  ${name}`,
  );
  return [`${(busy / 1_000).toFixed(0).padStart(8)} ms busy`, ...lines].join('\n');
}

function nameOf(frame: Profile['nodes'][number]['callFrame']): string {
  const place = frame.url.replace(/^.*\/(?=(core|workers|src|loadtest|node_modules)\/)/, '');
  const name = frame.functionName || '(anonymous)';
  return place ? `${name} ${place}:${frame.lineNumber + 1}` : name;
}
