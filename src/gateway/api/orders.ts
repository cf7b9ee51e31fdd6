import type { RuleCommand } from '../../../ops/rules/commands.ts';
import type { Ask } from './route.ts';
import { textIn } from './said.ts';

/** Who orders something and why. Who it is comes from the token, never from what was sent. */
export function by(
  ask: Ask,
): Pick<RuleCommand, 'author' | 'note' | 'reach' | 'approves' | 'request'> {
  const { caller, body, request } = ask;
  return {
    author: { name: caller.name },
    note: textIn(body, 'note') ?? '',
    // Who works for some partners changes nothing, whatever else would let them.
    reach: caller.partners === 'all' ? caller.stores : [],
    approves: caller.may('rules.approve'),
    ...(request === undefined ? {} : { request }),
  };
}
