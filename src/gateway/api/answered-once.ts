import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { isName } from '../../../core/transaction/reader.ts';
import { bodyOf } from '../body.ts';
import { type Problem, ProblemError } from '../problem.ts';
import { type Answer, type Ask, fail } from './route.ts';

/** What is remembered of a request that had a key. */
export interface KnownRequest {
  /** Of the method, the address, the conditions and the body. */
  readonly digest: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Once there is one. */
  readonly answer?: Answer;
  readonly problem?: Problem;
}

/** Where requests with keys are remembered, for a day at least. */
export interface RequestAnswers {
  /** Takes a key. Gives what is known of it where somebody has it. */
  readonly take: (
    key: string,
    request: KnownRequest,
  ) => Promise<{ readonly known: KnownRequest; readonly revision: number } | number>;
  /** Writes over what is known. Not a number: somebody else was quicker. */
  readonly keep: (
    key: string,
    request: KnownRequest,
    revision: number,
  ) => Promise<number | undefined>;
  readonly forget: (key: string, revision: number) => Promise<void>;
  readonly now: () => number;
}

/** After this long, whoever worked on a request has died: nothing we do takes so long. */
export const ABANDONED_MILLISECONDS = 120_000;
const KEY_LENGTH_MAX = 200;
/** Answers are small; of a larger one only its status is remembered. */
const KEPT_BYTES_MAX = 128 << 10;

interface Asked {
  readonly ask: Ask;
  readonly request: FastifyRequest;
  readonly answer: (ask: Ask) => Promise<Answer>;
}

/**
 * Carries a request out once for each `Idempotency-Key` of a caller: who repeats it gets the first
 * answer again. Our own failures are forgotten, so that repeating them makes sense.
 */
export async function answeredOnce(answers: RequestAnswers, asked: Asked): Promise<Answer> {
  const { ask, request, answer } = asked;
  const given = request.headers['idempotency-key'];
  if (given === undefined) return answer(ask);
  if (!isName(given) || given.length > KEY_LENGTH_MAX) {
    const detail = `\`Idempotency-Key\` is one word of at most ${KEY_LENGTH_MAX} characters.`;
    fail(400, 'invalid-idempotency-key', detail);
  }
  const key = digest([ask.caller.name, given]);
  const { method, url, headers } = request;
  const conditions = [headers['if-match'] ?? '', headers['if-none-match'] ?? ''];
  const content = digest([method, url, ...conditions, bodyOf(request).raw]);
  const entry: KnownRequest = { digest: content, at: answers.now() };
  const taken = await taking(answers, key, entry);
  if ('answer' in taken) return taken.answer;
  const { revision, resumed } = taken;
  const keep = (more: Pick<KnownRequest, 'answer' | 'problem'>) =>
    answers.keep(key, { ...entry, ...more }, revision);
  try {
    const first = await answer({ ...ask, request: { key, resumed } });
    await keep({ answer: kept(first) });
    return first;
  } catch (error) {
    const problem = error instanceof ProblemError ? error.problem : undefined;
    if (problem && problem.status < 500) await keep({ problem });
    else await answers.forget(key, revision);
    throw error;
  }
}

type Taken = { readonly answer: Answer } | { readonly revision: number; readonly resumed: boolean };

async function taking(answers: RequestAnswers, key: string, entry: KnownRequest): Promise<Taken> {
  const found = await answers.take(key, entry);
  if (typeof found === 'number') return { revision: found, resumed: false };
  const { known, revision } = found;
  if (known.digest !== entry.digest) {
    const detail = 'This `Idempotency-Key` was used for another request: take a new one.';
    fail(422, 'idempotency-key-reused', detail);
  }
  if (known.problem) throw new ProblemError(known.problem);
  if (known.answer) return { answer: again(known.answer) };
  if (entry.at - known.at > ABANDONED_MILLISECONDS) {
    const next = await answers.keep(key, entry, revision);
    if (next !== undefined) return { revision: next, resumed: true };
  }
  throw new ProblemError({
    status: 409,
    code: 'request-under-way',
    detail: 'A request with this `Idempotency-Key` is being carried out: repeat it in a moment.',
    retryAfterSeconds: 1,
  });
}

function again(answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, 'idempotency-replayed': 'true' } };
}

/** Secrets are not written down: whoever lost one makes another. */
function kept({ remembered, ...given }: Answer): Answer {
  const answer = remembered === undefined ? given : { ...given, body: remembered };
  if (JSON.stringify(answer).length <= KEPT_BYTES_MAX) return answer;
  const { text: _, ...rest } = answer;
  return { ...rest, body: { truncated: true } };
}

function digest(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}
