import { changesBetween } from '../../../ops/rules/changes.ts';
import { contentHash } from '../../../ops/rules/compile.ts';
import { visibleTo } from '../../../ops/rules/visible.ts';
import { openWorkingCopy } from '../../../ops/rules/working-copy.ts';
import { RULE_SET_BYTES_MAX } from '../../rules/rule-books.ts';
import { ASK_AGAIN, documentAnswer, isKnown, matchOf, ruleSetNamed, VARY } from './documents.ts';
import { by } from './orders.ts';
import { isOfPartners } from './partner-answers.ts';
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
        const { writeYaml } = ports;
        return documentAnswer(ask, { document, head, cache: ASK_AGAIN, writeYaml });
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
        return { body: await ports.count(document, caller) };
      },
    },
  ];
}

/** What is unapplied, and who touched what: of what the caller may see. */
async function look({ rules }: RuleApiPorts, ask: Ask): Promise<Answer> {
  const opened = await openWorkingCopy(rules);
  if (!opened.ok) throw problemOfRefusal(opened, false);
  const [before, now] = [opened.before, opened.now].map((one) => visibleTo(ask.caller, one));
  const changes = before && now ? changesBetween(before, now) : [];
  const isSeen = (node: string) => now?.nodes.has(node) || before?.nodes.has(node);
  // Who works for the programme is no business of its partners.
  const touched = isOfPartners(ask.caller) ? {} : opened.held.value.touched;
  const touches = Object.entries(touched).filter(([node]) => isSeen(node));
  const nodes = touches.map(([node, { author, at }]) => ({
    node,
    changedBy: author,
    changedAt: at,
  }));
  const { version: base } = opened.base;
  const conflicts = (opened.conflict?.nodes ?? []).flatMap(({ node }) =>
    isSeen(node) ? node : [],
  );
  const contradicts = conflicts.length === 0 ? {} : { conflicts };
  const body = { base, ...changesSaid(changes), touched: nodes, ...contradicts };
  const etag = `"${contentHash(body)}"`;
  const headers = { etag, 'cache-control': ASK_AGAIN, vary: VARY };
  return isKnown(ask, etag) ? { status: 304, headers } : { headers, body };
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
