import { join } from 'node:path';
import { jetstream } from '@nats-io/jetstream';
import type { RuleCommand } from '../../ops/rules/commands.ts';
import { ruleDesk } from '../../ops/rules/desk.ts';
import type { Performed } from '../../ops/rules/performed.ts';
import type { RulePorts } from '../../ops/rules/ports.ts';
import { text } from '../config/setting.ts';
import { SETTINGS, type Settings } from '../config/settings.ts';
import { Fault } from '../fault.ts';
import { connectNats, loginOf } from '../nats/connection.ts';
import { NatsProcessors } from '../rules/nats-processors.ts';
import { RuleRegistry } from '../rules/registry.ts';
import { runningEndpoints } from '../system/endpoints.ts';
import type { Write } from './commands.ts';

/** Settings of every command that changes rule sets. */
export const CHANGING = {
  ...SETTINGS,
  author: text({ flag: '--author', fallback: 'operator', about: 'Who does it.' }),
  note: text({ flag: '--note', fallback: '', about: 'Why, for the history.' }),
};

export interface Desk {
  readonly ports: RulePorts;
  readonly perform: (command: RuleCommand) => Promise<Performed>;
}

/** Connects to a running deployment for as long as `use` runs. */
export async function withDesk(
  settings: Settings,
  use: (desk: Desk) => Promise<number>,
): Promise<number> {
  const connection = await connectNats({
    servers: natsOf(settings),
    login: loginOf(settings),
    name: 'arbiter-rules',
  });
  try {
    const stream = jetstream(connection);
    const registry = await RuleRegistry.open(connection, {
      stream,
      replicas: settings.natsReplicas,
    });
    const { partitions } = settings;
    const processors = new NatsProcessors({ connection, registry, partitions });
    const ports = { books: registry.books, processors, now: Date.now };
    return await use({ ports, perform: ruleDesk(ports) });
  } finally {
    await connection.close();
  }
}

/** Prints why a command was refused; exit code 1. */
export function tellRefusal(refusal: Extract<Performed, { ok: false }>, write: Write): number {
  for (const problem of refusal.problems) write(`${problem}\n`);
  write(`${refusal.message}\n`);
  return 1;
}

/** The NATS servers of the deployment: those that are set, or those that run here. */
export function natsOf(settings: Settings): readonly string[] {
  const running = runningEndpoints(settings.data);
  const urls = settings.natsUrl.length > 0 ? settings.natsUrl : running?.natsUrls;
  if (urls) return urls;
  throw new Fault('nothing-runs', 'no deployment runs on this data directory', {
    retry: 'operator',
    facts: { data: join(settings.data), hint: 'start `arbiter run`, or set NATS_URL' },
  });
}
