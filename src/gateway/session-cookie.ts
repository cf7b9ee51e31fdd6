import { stringifySetCookie } from 'cookie';
import type { FastifyReply } from 'fastify';
import { SESSION_COOKIE } from '../access/gatekeeper.ts';

/** No script reads it, no other site sends it, no plain connection carries it. */
const COOKIE = {
  name: SESSION_COOKIE,
  path: '/',
  httpOnly: true,
  secure: true,
  sameSite: 'strict',
} as const;

export function setSession(reply: FastifyReply, text: string): FastifyReply {
  return reply.header('set-cookie', stringifySetCookie({ ...COOKIE, value: text }));
}

export function clearSession(reply: FastifyReply): FastifyReply {
  return reply.header('set-cookie', stringifySetCookie({ ...COOKIE, value: '', maxAge: 0 }));
}
