import { contentHash } from '../../../ops/rules/compile.ts';
import { workingCopyChanges } from '../../../ops/rules/working-copy.ts';
import { RULE_SET_BYTES_MAX } from '../../rules/rule-books.ts';
import {
  ASK_AGAIN,
  documentAnswer,
  isKnown,
  matchOf,
  ruleSetNamed,
  visibleOutline,
} from './documents.ts';
import { by } from './orders.ts';
import { done, problemOfRefusal } from './refusals.ts';
import type { Answer, ApiRoute, Ask } from './route.ts';
import type { RuleApiPorts } from './rule-ports.ts';
import { changesSaid, listIn } from './said.ts';
import { WORKING_COPY_SCHEMAS as SCHEMAS } from './working-copy-schemas.ts';

const COPY = '/api/v1/working-copy';
const BODY_BYTES = RULE_SET_BYTES_MAX + (64 << 10);

/** What everybody edits before it is a version. */
export function workingCopyRoutes(ports: RuleApiPorts): readonly ApiRoute[] {
  const { rules, perform } = ports;
  return [
    {
      method: 'GET',
      url: COPY,
      permission: 'rules.read',
      schema: SCHEMAS.look,
      answer: (ask) => look(ports, ask),
    },
    {
      method: 'GET',
      url: `${COPY}/document`,
      permission: 'rules.read',
      schema: SCHEMAS.document,
      answer: async (ask) => {
        const { document, version } = await ruleSetNamed(rules, 'working');
        const head = `the working copy, base ${version.version}`;
        return documentAnswer(ask, { document, head, cache: ASK_AGAIN });
      },
    },
    {
      method: 'PUT',
      url: `${COPY}/document`,
      permission: 'rules.edit',
      schema: SCHEMAS.replace,
      bodyBytes: BODY_BYTES,
      answer: (ask) => replace(ports, ask),
    },
    {
      method: 'POST',
      url: `${COPY}/revert`,
      permission: 'rules.edit',
      schema: SCHEMAS.revert,
      answer: async (ask) => {
        const only = listIn(ask.body, 'only');
        const result = done(await perform({ command: 'revert', only, ...by(ask) }));
        return { body: changesSaid(result.changes) };
      },
    },
    {
      method: 'GET',
      url: '/api/v1/rule-sets/:version/counts',
      permission: 'rules.read',
      schema: SCHEMAS.counts,
      answer: async ({ params, caller }) => {
        const { document } = await ruleSetNamed(rules, params['version'] ?? '');
        return { body: await ports.count(document, caller.stores) };
      },
    },
  ];
}

/** What is unapplied, and who touched what: of what the caller may see. */
async function look({ rules }: RuleApiPorts, ask: Ask): Promise<Answer> {
  const copy = await workingCopyChanges(rules);
  if (!copy.ok) throw problemOfRefusal(copy, false);
  const { base, document, touched } = copy.copy;
  const etag = `"${contentHash({ base, document, touched })}"`;
  const headers = { etag, 'cache-control': ASK_AGAIN, vary: 'authorization' };
  if (isKnown(ask, etag)) return { status: 304, headers };
  const { stores } = ask.caller;
  const seen = stores === 'all' ? undefined : visibleOutline(document, stores);
  const isSeen = (node: string) => seen === undefined || seen.nodes.has(node);
  const changes = copy.changes.filter(({ node }) => isSeen(node.name));
  const touches = Object.entries(touched).filter(([node]) => isSeen(node));
  const nodes = touches.map(([node, { author, at }]) => ({
    node,
    changedBy: author,
    changedAt: at,
  }));
  return { headers, body: { base, ...changesSaid(changes), touched: nodes } };
}

async function replace({ perform }: RuleApiPorts, ask: Ask): Promise<Answer> {
  const match = matchOf(ask);
  const order = { command: 'replace', document: ask.body, match, ...by(ask) } as const;
  const result = await perform(order);
  const isSame = !result.ok && result.code === 'nothing-changed';
  const changes = isSame ? [] : done(result, { matching: true }).changes;
  const headers = { etag: `"${contentHash(ask.body)}"` };
  return { headers, body: changesSaid(changes) };
}
