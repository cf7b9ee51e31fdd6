import type { FastifyInstance } from 'fastify';
import type { Guard } from '../guard.ts';
import { ProblemError } from '../problem.ts';
import { activationRoutes } from './activation-routes.ts';
import type { RequestAnswers } from './answered-once.ts';
import { type AuditApiPorts, auditRoutes } from './audit-routes.ts';
import { checkRequests } from './check-requests.ts';
import { type MemberPorts, memberApiRoutes } from './member-routes.ts';
import { nodeRoutes } from './node-routes.ts';
import { regionRoutes } from './region-routes.ts';
import { addRoutes } from './route.ts';
import type { RuleApiPorts } from './rule-ports.ts';
import { ruleSetRoutes } from './rule-set-routes.ts';
import { type LedgerApiPorts, transactionApiRoutes } from './transaction-routes.ts';
import { workingCopyRoutes } from './working-copy-routes.ts';

/** What the routes under `/api/v1` need of the rest. */
export interface ApiPorts {
  readonly rules: RuleApiPorts;
  readonly ledger: LedgerApiPorts;
  readonly audit: AuditApiPorts;
  readonly answers: RequestAnswers;
}

/** Everything that operators and their programs do, held to its schemas. */
export async function openApi(
  app: FastifyInstance,
  ports: ApiPorts & MemberPorts & { readonly guard: Guard },
): Promise<void> {
  const { rules, answers, guard } = ports;
  await app.register(async (api) => {
    checkRequests(api);
    acceptYaml(api, rules);
    const routes = [
      ...ruleSetRoutes(rules),
      ...activationRoutes(rules),
      ...workingCopyRoutes(rules),
      ...nodeRoutes(rules),
      ...regionRoutes(rules),
      ...memberApiRoutes(ports),
      ...transactionApiRoutes(ports.ledger),
      ...auditRoutes(ports.audit),
    ];
    addRoutes(api, routes, { guard, answers });
  });
}

/** Rule sets are written in YAML as well; the rest of a body may be, then. */
function acceptYaml(api: FastifyInstance, { readYaml }: RuleApiPorts): void {
  const types = ['application/yaml', 'application/x-yaml', 'text/yaml'];
  api.addContentTypeParser(types, { parseAs: 'buffer' }, async (_request: unknown, raw: Buffer) => {
    const read = await readYaml(raw.toString());
    if (read.ok) return { value: read.value, raw };
    const { message, position } = read;
    const detail = `Line ${position.line}, column ${position.column}: ${message}.`;
    throw new ProblemError({ status: 400, code: 'malformed-body', detail });
  });
}
