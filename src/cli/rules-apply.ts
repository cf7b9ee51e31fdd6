import { join } from 'node:path';
import { jetstream } from '@nats-io/jetstream';
import { text } from '../config/setting.ts';
import { SETTINGS, type Settings } from '../config/settings.ts';
import { Fault } from '../fault.ts';
import { connectNats, loginOf } from '../nats/connection.ts';
import { publishDocument } from '../rules/publish-document.ts';
import { RuleRegistry } from '../rules/registry.ts';
import { runningEndpoints } from '../system/endpoints.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';
import { readDocument } from './documents.ts';

const TABLE = {
  ...SETTINGS,
  author: text({ flag: '--author', fallback: 'operator', about: 'Who makes it current.' }),
  note: text({ flag: '--note', fallback: '', about: 'Why, for the history.' }),
};

/** `arbiter rules apply FILE`: a rule set becomes current in every partition of a deployment. */
export async function rulesApply(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;
  const [file, ...others] = ready.words;
  if (file === undefined || others.length > 0) {
    process.stderr.write('usage: arbiter rules apply FILE [--author NAME] [--note TEXT]\n');
    return 2;
  }
  const { settings } = ready;
  const connection = await connectNats({
    servers: natsOf(settings),
    login: loginOf(settings),
    name: 'arbiter-rules-apply',
  });
  try {
    const registry = await RuleRegistry.open(connection, {
      stream: jetstream(connection),
      replicas: settings.natsReplicas,
    });
    const published = await publishDocument(registry, {
      document: await readDocument(file),
      author: settings.author,
      note: settings.note,
      partitions: settings.partitions,
    });
    if (!published.ok) {
      for (const { path, message, hint } of published.problems) {
        write(`${path || '/'}: ${message}${hint ? ` (${hint})` : ''}\n`);
      }
      write(`${published.problems.length} problems; nothing was applied\n`);
      return 1;
    }
    const { version, hash } = published.ruleSet;
    write(`version ${version} (${hash}) becomes current in ${settings.partitions} partitions\n`);
    return 0;
  } finally {
    await connection.close();
  }
}

function natsOf(settings: Settings): readonly string[] {
  const running = runningEndpoints(settings.data);
  const urls = settings.natsUrl.length > 0 ? settings.natsUrl : running?.natsUrls;
  if (urls) return urls;
  throw new Fault('nothing-runs', 'no deployment runs on this data directory', {
    retry: 'operator',
    facts: { data: join(settings.data), hint: 'start `arbiter run`, or set NATS_URL' },
  });
}
