import type { FastifyReply, FastifyRequest } from 'fastify';
import { answeredOnce, type RequestAnswers } from './api/answered-once.ts';
import { type Answer, askOf, fail, send } from './api/route.ts';
import type { Guard } from './guard.ts';

/** Whoever opens an answer in a browser sees text, and no page can put it into a frame. */
const NO_PAGE = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

/** Carries a change out, once for each `Idempotency-Key`, and sends what came of it. */
export type Once = (
  request: FastifyRequest,
  reply: FastifyReply,
  act: () => Answer | Promise<Answer>,
) => Promise<FastifyReply>;

export function onceEach(guard: Guard, answers: RequestAnswers | undefined): Once {
  return async (request, reply, act) => {
    const answer = async () => act();
    const isNamed = request.headers['idempotency-key'] !== undefined;
    if (isNamed && answers === undefined) {
      fail(501, 'keys-not-kept', 'This gateway remembers no requests: leave the key out.');
    }
    const ask = askOf(request, guard);
    const given = answers ? await answeredOnce(answers, { ask, request, answer }) : await answer();
    return send(reply.header('content-security-policy', NO_PAGE), given);
  };
}
