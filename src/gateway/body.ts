import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { decodeAnswer, encodeOne, type Format } from '../client/format.ts';
import { Fault, messageOf } from '../fault.ts';

/** Content types of msgpack that are in use. */
const MSGPACK_TYPES = ['application/msgpack', 'application/x-msgpack', 'application/vnd.msgpack'];

/**
 * Bodies are parsed as they are, without any repair: names like `__proto__` stay plain data and
 * are refused by the engine, so that HTTP and NATS give the same outcome for the same bytes.
 */
export function acceptBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse = (format: Format) => {
    return async (_request: FastifyRequest, body: Buffer) => parseBody(body, format);
  };
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, parse('json'));
  app.addContentTypeParser(MSGPACK_TYPES, { parseAs: 'buffer' }, parse('msgpack'));
}

export function formatOf(request: FastifyRequest): Format {
  return request.headers['content-type']?.includes('msgpack') ? 'msgpack' : 'json';
}

/** Answers in the format that is asked for, else in the one of the request. */
export function sendBody(reply: FastifyReply, body: unknown): FastifyReply {
  const { accept = '' } = reply.request.headers;
  const wantsMsgpack = accept.includes('msgpack');
  const format = wantsMsgpack || accept.includes('json') ? undefined : formatOf(reply.request);
  if (wantsMsgpack || format === 'msgpack') {
    return reply.header('content-type', 'application/msgpack').send(encodeOne(body, 'msgpack'));
  }
  return reply.header('content-type', 'application/json').send(JSON.stringify(body));
}

function parseBody(body: Buffer, format: Format): unknown {
  try {
    return decodeAnswer(body, format);
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    const message = `the body is no valid ${format}: ${messageOf(cause ?? error)}`;
    throw new Fault('malformed-body', message, { retry: 'no', cause: error });
  }
}
