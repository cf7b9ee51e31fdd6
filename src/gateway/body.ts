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
    return (
      _request: FastifyRequest,
      raw: Buffer,
      done: (error: Error | null, body?: Body) => void,
    ) => {
      try {
        done(null, { value: parseBody(raw, format), raw });
      } catch (error) {
        done(asError(error));
      }
    };
  };
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, parse('json'));
  app.addContentTypeParser(MSGPACK_TYPES, { parseAs: 'buffer' }, parse('msgpack'));
}

/** What was sent, taken apart and as it came. */
export interface Body {
  readonly value: unknown;
  readonly raw: Buffer;
}

/** The body of a request; `undefined` in it when none was sent. */
export function bodyOf(request: FastifyRequest): Body {
  // Our parsers are the only ones there are, and make nothing else.
  return (request.body as Body | undefined) ?? { value: undefined, raw: NO_BYTES };
}

const NO_BYTES = Buffer.alloc(0);

export function formatOf(request: FastifyRequest): Format {
  return request.headers['content-type']?.includes('msgpack') ? 'msgpack' : 'json';
}

/** The format that is asked for, else the one of the request. */
export function wantedFormat({ request }: FastifyReply): Format {
  const { accept = '' } = request.headers;
  if (accept.includes('msgpack')) return 'msgpack';
  return accept.includes('json') ? 'json' : formatOf(request);
}

export function sendBody(reply: FastifyReply, body: unknown): FastifyReply {
  if (wantedFormat(reply) === 'json') return sendJson(reply, JSON.stringify(body));
  return reply.header('content-type', 'application/msgpack').send(encodeOne(body, 'msgpack'));
}

export function sendJson(reply: FastifyReply, text: string): FastifyReply {
  return reply.header('content-type', 'application/json').send(text);
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(messageOf(thrown));
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
