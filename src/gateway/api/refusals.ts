import type { Done, Performed } from '../../../ops/rules/performed.ts';
import type { Refusal, RefusalCode } from '../../../ops/rules/refusal.ts';
import { ProblemError } from '../problem.ts';

/** Problems that one answer names. */
const PROBLEMS_MAX = 200;
const RETRY_SECONDS = 5;

const STATUS: Readonly<Record<RefusalCode, number>> = {
  'unknown-version': 404,
  'unknown-promotion': 404,
  'unknown-schedule': 404,
  'unknown-node': 404,
  'needs-second-person': 403,
  'own-edits': 403,
  'not-yours': 403,
  'nothing-active': 409,
  'nothing-changed': 409,
  'not-based-on-current': 409,
  'changed-meanwhile': 409,
  'name-taken': 409,
  'has-ended': 409,
  'not-empty': 409,
  'unknown-place': 422,
  'not-a-document': 422,
  'does-not-compile': 422,
  'not-in-the-future': 422,
  'cannot-be-ticked': 422,
  'cannot-be-placed': 422,
  'wrong-node': 422,
  'processor-refuses': 422,
  'processor-away': 503,
};

/** What was done, or the problem that says why not. */
export function done(result: Performed, sent: { readonly matching?: boolean } = {}): Done {
  if (result.ok) return result;
  throw problemOfRefusal(result, sent.matching ?? false);
}

/** With `If-Match`, what was changed meanwhile is a condition that failed. */
export function problemOfRefusal(refusal: Refusal, matching: boolean): ProblemError {
  const { code, message, problems, nodes, path } = refusal;
  const status = matching && code === 'changed-meanwhile' ? 412 : STATUS[code];
  const detail = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  const more = {
    ...(problems.length === 0 ? {} : { problems: problems.slice(0, PROBLEMS_MAX) }),
    ...(nodes === undefined ? {} : { nodes: nodes.map(withQuotes) }),
    ...(path === undefined ? {} : { path }),
  };
  const retry = status === 503 ? { retryAfterSeconds: RETRY_SECONDS } : {};
  return new ProblemError({ status, code, detail, more, ...retry });
}

/** As the header writes it, so that it can be sent back as it is. */
function withQuotes<T extends { readonly etag?: string }>(node: T): T {
  return node.etag === undefined ? node : { ...node, etag: `"${node.etag}"` };
}
