import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

/** A value of a row as text; `null` where it is NULL. */
export type Row = readonly (string | null)[];

const PROTOCOL_3 = 196_608;
const HEAD_BYTES = 5;

/**
 * One connection that speaks the server's own protocol over a unix socket: a prepared statement
 * costs one round trip, and no other program stands between.
 */
export class PostgresSession {
  readonly #socket: Socket;
  #left: Buffer = Buffer.alloc(0);
  #rows: Row[] = [];
  #error: Error | undefined;
  #ready: PromiseWithResolvers<readonly Row[]> = Promise.withResolvers();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (data: Buffer) => this.#read(data));
    socket.on('error', (error) => this.#ready.reject(error));
  }

  static async connect(path: string, user: string): Promise<PostgresSession> {
    const socket = createConnection(path);
    await once(socket, 'connect');
    const session = new PostgresSession(socket);
    const startup = text('user', user, 'database', 'postgres', '');
    socket.write(Buffer.concat([int32(startup.length + 8), int32(PROTOCOL_3), startup]));
    await session.#ready.promise;
    return session;
  }

  /** Runs statements as they stand. */
  async query(statements: string): Promise<readonly Row[]> {
    return await this.#send(message('Q', text(statements)));
  }

  async prepare(name: string, statement: string): Promise<void> {
    await this.#send(message('P', text(name, statement), int16(0)), SYNC);
  }

  /** Executes a prepared statement with values as text. */
  async execute(name: string, values: readonly string[]): Promise<readonly Row[]> {
    const parameters = values.flatMap((value) => {
      const bytes = Buffer.from(value);
      return [int32(bytes.length), bytes];
    });
    const head = [text('', name), int16(0), int16(values.length)];
    const bind = message('B', ...head, ...parameters, int16(0));
    return await this.#send(bind, message('E', text(''), int32(0)), SYNC);
  }

  async close(): Promise<void> {
    this.#socket.end(message('X'));
    await once(this.#socket, 'close');
  }

  #send(...messages: Buffer[]): Promise<readonly Row[]> {
    this.#ready = Promise.withResolvers();
    this.#socket.write(Buffer.concat(messages));
    return this.#ready.promise;
  }

  #read(data: Buffer): void {
    const bytes = this.#left.length === 0 ? data : Buffer.concat([this.#left, data]);
    let at = 0;
    while (at + HEAD_BYTES <= bytes.length) {
      const end = at + 1 + bytes.readInt32BE(at + 1);
      if (end > bytes.length) break;
      this.#take(String.fromCharCode(bytes[at] ?? 0), bytes.subarray(at + HEAD_BYTES, end));
      at = end;
    }
    this.#left = bytes.subarray(at);
  }

  #take(kind: string, body: Buffer): void {
    if (kind === 'D') this.#rows.push(rowOf(body));
    if (kind === 'E') this.#error = new Error(body.toString().replaceAll('\0', ' '));
    if (kind !== 'Z') return;
    const [rows, error] = [this.#rows, this.#error];
    this.#rows = [];
    this.#error = undefined;
    if (error) this.#ready.reject(error);
    else this.#ready.resolve(rows);
  }
}

function rowOf(body: Buffer): Row {
  const values: (string | null)[] = [];
  let at = 2;
  for (let left = body.readInt16BE(0); left > 0; left -= 1) {
    const length = body.readInt32BE(at);
    at += 4;
    values.push(length < 0 ? null : body.toString('utf8', at, at + length));
    at += Math.max(0, length);
  }
  return values;
}

function message(kind: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(kind), int32(body.length + 4), body]);
}

const SYNC = message('S');

/** Texts as the protocol ends them. */
function text(...texts: string[]): Buffer {
  return Buffer.from(texts.map((each) => `${each}\0`).join(''));
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}
