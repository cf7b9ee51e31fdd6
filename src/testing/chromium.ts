import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const START_PATIENCE_MS = 60_000;
const POLL_MS = 50;
const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--remote-debugging-port=0',
  '--host-resolver-rules=MAP localhost 127.0.0.1',
];

/** Debian's Chromium; `undefined` where there is none. */
export function chromiumHere(searchPath = process.env['PATH'] ?? ''): string | undefined {
  const programs = searchPath.split(delimiter).map((folder) => join(folder, 'chromium'));
  return programs.find((program) => {
    try {
      accessSync(program, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

interface Reply {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** A page of a real Chromium, driven through its DevTools protocol. */
export class ChromiumPage {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  /** What the browser complained about: refused scripts, failed requests. */
  readonly complaints: string[] = [];
  #asked = 0;
  #session: unknown;

  private constructor(child: ChildProcess, folder: string, socket: WebSocket) {
    this.#process = child;
    this.#folder = folder;
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#take(JSON.parse(String(data))));
  }

  static async open(program: string): Promise<ChromiumPage> {
    const folder = mkdtempSync(join(tmpdir(), 'arbiter-chromium-'));
    const own = [`--user-data-dir=${folder}`, 'about:blank'];
    const child = spawn(program, [...FLAGS, ...own], { stdio: 'ignore' });
    try {
      const socket = new WebSocket(await addressIn(folder));
      await new Promise((resolve, reject) => {
        socket.addEventListener('open', resolve);
        socket.addEventListener('error', () => reject(new Error('Chromium does not answer')));
      });
      const page = new ChromiumPage(child, folder, socket);
      await page.#attach();
      return page;
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  async #attach(): Promise<void> {
    const { targetId } = await this.#ask('Target.createTarget', { url: 'about:blank' });
    const attached = await this.#ask('Target.attachToTarget', { targetId, flatten: true });
    this.#session = attached['sessionId'];
    for (const domain of ['Page', 'Runtime', 'Log']) await this.#ask(`${domain}.enable`);
  }

  /** Opens an address, and waits until `ready` is true there. */
  async visit(url: string, ready: string): Promise<void> {
    await this.#ask('Page.navigate', { url });
    await this.until(ready);
  }

  /** What an expression is in the page; promises are waited for. */
  async evaluate(expression: string): Promise<unknown> {
    const asked = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.#ask('Runtime.evaluate', asked);
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return Reflect.get(Object(result), 'value');
  }

  async until(expression: string): Promise<void> {
    const deadline = Date.now() + START_PATIENCE_MS;
    while (!(await this.evaluate(`Boolean(${expression})`).catch(() => false))) {
      if (Date.now() > deadline) throw new Error(`it never came true: ${expression}`);
      await sleep(POLL_MS);
    }
  }

  async #ask(method: string, params: object = {}): Promise<Readonly<Record<string, unknown>>> {
    this.#asked += 1;
    const id = this.#asked;
    const session = this.#session === undefined ? {} : { sessionId: this.#session };
    const { promise, resolve } = Promise.withResolvers<Reply>();
    this.#waiting.set(id, resolve);
    this.#socket.send(JSON.stringify({ id, method, params, ...session }));
    const { result = {}, error } = await promise;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  #take({ id = 0, method, params, ...rest }: Reply): void {
    if (method === 'Log.entryAdded') this.complaints.push(JSON.stringify(params));
    this.#waiting.get(id)?.(rest);
    this.#waiting.delete(id);
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#socket.close();
    this.#process.kill('SIGKILL');
    await gone;
    // Its helpers may still write for a moment.
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Where Chromium says that it listens. */
async function addressIn(folder: string): Promise<string> {
  const file = join(folder, 'DevToolsActivePort');
  const deadline = Date.now() + START_PATIENCE_MS;
  while (Date.now() < deadline) {
    const [port, path] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    if (port && path) return `ws://127.0.0.1:${port}${path}`;
    await sleep(POLL_MS);
  }
  throw new Error('Chromium does not start');
}
