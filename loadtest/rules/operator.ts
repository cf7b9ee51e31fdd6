const PROMOTION = 'working-copy/nodes/promotion/dairy-days-15';
/** Far more than an apply takes; then something is broken and the run fails. */
const ANSWER_MS_MAX = 30_000;

/** The part of a promotion that an operator of the benchmark changes. */
interface Node {
  readonly etag: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** Somebody who changes one percentage and applies it, over HTTP. */
export class Operator {
  readonly #api: string;

  constructor(httpUrl: string) {
    this.#api = `${httpUrl}/api/v1`;
  }

  async apply(percent: number): Promise<void> {
    const { etag, content } = await this.#ask<Node>('GET', PROMOTION);
    const benefits = { list: [{ discount: { percent } }] };
    const edited = { content: { ...content, benefits } };
    await this.#ask('PUT', PROMOTION, { body: edited, headers: { 'if-match': etag } });
    await this.#ask('POST', 'activations', { body: { act: 'apply' } });
  }

  async #ask<T>(
    method: string,
    path: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<T> {
    const response = await fetch(`${this.#api}/${path}`, {
      method,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text); // As the schema of the route says.
  }
}
