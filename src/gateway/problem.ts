import type { FastifyReply } from 'fastify';
import { Fault } from '../fault.ts';

/** What a request gets that could not be served: `application/problem+json` (RFC 9457). */
export interface Problem {
  readonly status: number;
  /** Stable, lower case. */
  readonly code: string;
  readonly detail: string;
  /** When trying again makes sense. */
  readonly retryAfterSeconds?: number;
  /** What a program needs to go on: the field, the node, what it is now. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Ends a request with a problem. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request cannot be understood',
  401: 'Nobody is known by this',
  403: 'This is not allowed',
  404: 'There is nothing here',
  408: 'The request came too slowly',
  409: 'The request contradicts an earlier one',
  406: 'There is no such form of it',
  410: 'It is no longer there',
  412: 'It is no longer what you saw',
  413: 'The request is too large',
  415: 'The content type is not supported',
  422: 'The request cannot be followed',
  428: 'Say what you saw',
  429: 'The caller asks too often',
  500: 'The gateway failed',
  502: 'The processor gave no usable answer',
  503: 'The processor cannot take more now',
  504: 'No durable outcome in time',
};

const RETRY_AFTER_SECONDS = 1;

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { status, code, detail, retryAfterSeconds, more } = problem;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
  return reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .send(
      JSON.stringify({
        type: `urn:arbiter:problem:${code}`,
        title: TITLES[status] ?? 'The request was not served',
        status,
        code,
        detail,
        ...more,
        instance: `urn:arbiter:request:${encodeURIComponent(reply.request.id)}`,
      }),
    );
}

/** The problem that an error amounts to. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof Fault) return problemOfFault(error);
  const { statusCode, code } = httpErrorOf(error);
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const detail = 'The body is larger than this route takes: send less at once.';
    return { status: 413, code: 'body-too-large', detail };
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const detail = 'Send application/json or application/msgpack.';
    return { status: 415, code: 'unsupported-content-type', detail };
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const detail = error instanceof Error ? error.message : 'The request is not valid.';
    return { status: statusCode, code: 'bad-request', detail };
  }
  // What went wrong inside is for the log, not for the caller.
  const detail = 'This is our failure; repeating the same transaction is safe.';
  return { status: 500, code: 'internal-error', detail };
}

function problemOfFault(fault: Fault): Problem {
  const { code, message } = fault;
  switch (code) {
    case 'answer-timeout':
      return { status: 504, code, detail: `${capital(message)}.`, ...SOON };
    case 'message-too-large':
    case 'rule-set-too-large':
      return { status: 413, code, detail: `${capital(message)}.` };
    case 'unexpected-answer':
    case 'processor-failed':
      return { status: 502, code, detail: `${capital(message)}.` };
    case 'idempotency-key-reused':
      return { status: 422, code, detail: `${capital(message)}.` };
    case 'malformed-body':
      return { status: 400, code, detail: `${capital(message)}.` };
    default:
      if (fault.retry === 'after-backoff') {
        return { status: 503, code, detail: `${capital(message)}.`, ...SOON };
      }
      return { status: 500, code, detail: 'This is our failure; see the log of the gateway.' };
  }
}

const SOON = { retryAfterSeconds: RETRY_AFTER_SECONDS } as const;

export const OVERLOADED: Problem = {
  status: 503,
  code: 'overloaded',
  detail: 'Too many transactions wait for their outcome; repeat the request a little later.',
  ...SOON,
};

function httpErrorOf(error: unknown): { readonly statusCode?: number; readonly code?: string } {
  if (!(error instanceof Error)) return {};
  const statusCode = 'statusCode' in error ? error.statusCode : undefined;
  const code = 'code' in error ? error.code : undefined;
  return {
    ...(typeof statusCode === 'number' ? { statusCode } : {}),
    ...(typeof code === 'string' ? { code } : {}),
  };
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
