import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/**
 * The page behind a one-time link. The link's secret stands behind the `#`, so that it is in no
 * log and in no `Referer`; the page may run its own script, call this gateway, and nothing else.
 */

const STYLE =
  'body{font:16px/1.5 system-ui;max-width:24rem;margin:10vh auto;padding:0 1rem}' +
  'label,input,button{display:block;width:100%;margin:.5rem 0;font:inherit}';

const SCRIPT = `
const form = document.querySelector('form');
const told = document.querySelector('output');
const link = decodeURIComponent(location.hash.slice(1));
history.replaceState(null, '', location.pathname);
form.user.value = link.split('/')[0];
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  told.value = '…';
  const answer = await fetch('/api/v1/session/welcome', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link, password: form.password.value }),
  });
  const body = await answer.json();
  told.value = answer.ok ? 'Welcome. You are logged in.' : body.detail;
  form.hidden = answer.ok;
});
`;

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Arbiter</title>
<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head>
<body><h1>Choose a password</h1>
<form>
<label>User <input name="user" autocomplete="username" readonly></label>
<label>Password, at least 12 characters
<input name="password" type="password" autocomplete="new-password" minlength="12" required></label>
<button>Log in</button>
</form>
<output role="status"></output>
<script>${SCRIPT}</script></body></html>
`;

const sha256 = (code: string) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`;
const POLICY = [
  "default-src 'none'",
  `script-src ${sha256(SCRIPT)}`,
  `style-src ${sha256(STYLE)}`,
  "connect-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

export function welcomePage(app: FastifyInstance): void {
  const schema = { hide: true };
  app.get('/welcome', { schema, config: { permission: 'open' } }, async (_request, reply) => {
    return reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', POLICY)
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-store')
      .send(PAGE);
  });
}
