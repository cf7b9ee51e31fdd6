import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from '../../ops/access/password-rules.ts';
import { TOKEN_DAYS, TOKEN_DAYS_MAX } from '../../ops/access/requests.ts';
import { ROLES } from '../../ops/access/roles.ts';
import { KEY } from './api/schema.ts';

/** What the OpenAPI document says of sessions, users, tokens and areas. */

const text = (description: string) => ({ type: 'string', description });
const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const answer = (description: string, schema: object = { type: 'object' }) => ({
  description,
  ...json(schema),
});
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { type: 'object' } } },
});
const nothing = (description: string) => ({ description });

const object = (properties: Readonly<Record<string, object>>, required: readonly string[]) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const instant = (description: string) => ({ type: 'string', format: 'date-time', description });
const params = (description: string) => ({
  type: 'object',
  properties: { id: text(description) },
});
const page = {
  type: 'object',
  properties: {
    limit: { type: 'integer', description: '1 to 500; 100 when left out.' },
    after: text('The `next` of the page before.'),
  },
};

const reach = (of: string) => ({
  oneOf: [
    { type: 'string', enum: ['all'] },
    { type: 'array', maxItems: 100, items: { type: 'string' } },
  ],
  description: `The ${of} it reaches.`,
});
const GRANT = {
  name: text('Who it is, for people.'),
  role: { type: 'string', enum: ROLES },
  stores: { ...reach('stores'), description: '`all` when neither stores nor areas are named.' },
  areas: { type: 'array', maxItems: 100, items: { type: 'string' } },
  partners: reach('partners'),
};
const PASSWORD = {
  type: 'string',
  format: 'password',
  minLength: PASSWORD_LENGTH_MIN,
  maxLength: PASSWORD_LENGTH_MAX,
  description: 'Any characters; not one of those that are tried first.',
};

const SESSION = object(
  {
    id: text('Names the session; not secret.'),
    userId: text('Whose it is.'),
    begun: instant('When.'),
    seen: instant('When it was last used, to within a minute.'),
    ends: instant('When it is over, unless it is used before.'),
    address: text('Where from.'),
    agent: text('What the browser calls itself.'),
    csrfToken: text('To be sent as `X-CSRF-Token` with each change.'),
    user: { type: 'object', description: 'Who is logged in, and what they may do.' },
  },
  [],
);

const REFUSED = {
  400: problem('Not what is asked for, or more than that.'),
  401: problem('Nobody is logged in, or that is not right; it is never told what was wrong.'),
  403: problem('Not allowed, or asked for by a page of another site.'),
  429: problem('Too often. Has `Retry-After`.'),
};
const BEGUN = { ...answer('Logged in. The cookie holds the session.', SESSION) };

const session = (summary: string, more: object) => ({ summary, tags: ['session'], ...more });

export const SESSION_SCHEMA = {
  login: session('Log in', {
    body: json(
      object({ user: text('The name.'), password: text('The password.') }, ['user', 'password']),
    ),
    response: { 200: BEGUN, ...REFUSED },
  }),
  welcome: session('Choose a password with a one-time link, and log in', {
    body: json(
      object({ link: text('What stands behind `#`.'), password: PASSWORD }, ['link', 'password']),
    ),
    response: {
      200: BEGUN,
      422: problem('The password is too short, too long or too common.'),
      ...REFUSED,
    },
  }),
  password: session('Change one’s password; all other sessions end', {
    body: json(
      object({ current: text('The old one.'), password: PASSWORD }, ['current', 'password']),
    ),
    response: {
      200: BEGUN,
      422: problem('The password is too short, too long or too common.'),
      ...REFUSED,
    },
  }),
  mine: session('Who is logged in', {
    response: { 200: answer('The session.', SESSION), ...REFUSED },
  }),
  logout: session('Log out', { response: { 204: nothing('It is over.'), ...REFUSED } }),
  list: session('One’s own sessions', { response: { 200: answer('All of them.'), ...REFUSED } }),
  end: session('End one of one’s own sessions', {
    params: params('The session.'),
    response: { 204: nothing('It is over.'), 404: problem('It is none of yours.'), ...REFUSED },
  }),
};

const access = (summary: string, more: object) => ({ summary, tags: ['access'], ...more });
const changing = (summary: string, more: object) =>
  access(summary, { headers: { type: 'object', properties: KEY }, ...more });
const CHANGES = { ...REFUSED, 404: problem('There is none.'), 409: problem('It cannot be so.') };

export const ACCESS_SCHEMA = {
  users: access('Who may log in', {
    querystring: page,
    response: { 200: answer('A page.'), ...REFUSED },
  }),
  newUser: changing('A new user; the answer holds their one-time link', {
    body: json(object({ id: text('What they log in with.'), ...GRANT }, ['id', 'name', 'role'])),
    response: { 201: answer('The user and the link, shown once.'), ...CHANGES },
  }),
  user: access('One user', {
    params: params('The user.'),
    response: { 200: answer('The user.'), ...CHANGES },
  }),
  changeUser: changing('What a user may do, and whether they may log in at all', {
    params: params('The user.'),
    body: json(object({ ...GRANT, disabled: { type: 'boolean' } }, [])),
    response: { 200: answer('The user.'), ...CHANGES },
  }),
  resetUser: changing('End a user’s password and sessions; a new one-time link', {
    params: params('The user.'),
    response: { 200: answer('The user and the link, shown once.'), ...CHANGES },
  }),
  userSessions: access('Where a user is logged in', {
    params: params('The user.'),
    response: { 200: answer('The sessions.'), ...REFUSED },
  }),
  endUserSessions: changing('Log a user out everywhere', {
    params: params('The user.'),
    response: { 204: nothing('They are over.'), ...REFUSED },
  }),
  tokens: access('Who holds tokens', {
    querystring: page,
    response: { 200: answer('A page.'), ...REFUSED },
  }),
  newToken: changing('A new token; the answer holds it, once', {
    body: json(
      object(
        {
          ...GRANT,
          days: { type: 'integer', minimum: 1, maximum: TOKEN_DAYS_MAX, default: TOKEN_DAYS },
        },
        ['name', 'role'],
      ),
    ),
    response: { 201: answer('The token, shown once.'), ...CHANGES },
  }),
  revokeToken: changing('End a token at once', {
    params: params('The token.'),
    response: { 200: answer('The token.'), ...CHANGES },
  }),
  areas: access('Named sets of stores', { response: { 200: answer('All of them.'), ...REFUSED } }),
  setArea: changing('Say which stores an area has; with none it is gone', {
    params: params('The area.'),
    body: json(
      object({ stores: { type: 'array', maxItems: 1_000, items: { type: 'string' } } }, ['stores']),
    ),
    response: { 200: answer('The area.'), ...CHANGES },
  }),
};
