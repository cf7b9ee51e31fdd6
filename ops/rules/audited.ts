import type { AuditEvent } from '../audit/chain.ts';
import type { RuleCommand } from './commands.ts';
import type { Perform } from './desk.ts';
import type { Performed } from './performed.ts';

/** Letters of what somebody wrote that the audit list keeps. */
const TEXT_MAX = 200;
/** Nodes that one row names. */
const NODES_MAX = 20;

export interface AuditTrail {
  /** Durable when it resolves. */
  readonly note: (event: AuditEvent) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Puts a row into the audit list for everything that is done to rule sets or refused. The list
 * and the rule sets are kept in different places, so a row says first that something begins: an
 * act whose writer died in between is in the list, if without its end.
 */
export function audited(perform: Perform, trail: AuditTrail): Perform {
  const row = (command: RuleCommand, rest: Pick<AuditEvent, 'outcome' | 'detail'>) => {
    const { command: name, author } = command;
    const object = objectOf(command).slice(0, TEXT_MAX);
    return trail.note({
      at: trail.now(),
      actor: author.name,
      action: `rules.${name}`,
      object,
      ...rest,
    });
  };
  return async (command) => {
    const note = command.note.slice(0, TEXT_MAX);
    await row(command, { outcome: 'begun', detail: { note, ...boundsOf(command) } });
    try {
      const result = await perform(command);
      await row(command, { outcome: result.ok ? 'done' : 'refused', detail: detailOf(result) });
      return result;
    } catch (error) {
      // A fault: nobody knows how far it got, and the next look at the books tells.
      await row(command, { outcome: 'refused', detail: { reason: 'failed' } });
      throw error;
    }
  };
}

/** The stores that somebody is held to. */
function boundsOf({ reach = 'all' }: RuleCommand): AuditEvent['detail'] {
  return reach === 'all' ? {} : { stores: reach.join(', ').slice(0, TEXT_MAX) };
}

function objectOf(command: RuleCommand): string {
  switch (command.command) {
    case 'put':
    case 'clone':
    case 'move':
    case 'delete':
      return command.node;
    case 'switch':
      return command.nodes.slice(0, NODES_MAX).join(', ');
    case 'stop':
      return `promotion ${command.promotion}`;
    case 'launch':
      return `place ${String(command.region['id'])}`;
    case 'unschedule':
      return `schedule ${command.schedule}`;
    case 'publish':
      return 'a document';
    case 'apply':
    case 'rollback':
    case 'schedule':
    case 'approve':
      return command.version === undefined ? 'the working copy' : `version ${command.version}`;
    default:
      return 'the working copy';
  }
}

function detailOf(result: Performed): AuditEvent['detail'] {
  if (!result.ok) return { reason: result.code };
  const { version, act, schedule, changes } = result;
  const names = changes?.slice(0, NODES_MAX).map(({ node }) => node.name);
  return {
    ...(version === undefined ? {} : { version: version.version, hash: version.hash }),
    ...(act === undefined ? {} : { act: act.number }),
    ...(schedule === undefined ? {} : { schedule: schedule.number, due: schedule.due }),
    ...(changes === undefined ? {} : { changes: changes.length }),
    ...(names === undefined ? {} : { nodes: [...new Set(names)].join(', ').slice(0, TEXT_MAX) }),
  };
}
