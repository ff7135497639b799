// Do the policies of a function's role allow its call? If they do, this interceptor passes the call on; else it answers AWS's denial.
import { AwsRefusal } from '../aws/awsCall.ts';
import { arn, operatorKey } from '../core/awsNames.ts';
import type { CallInterceptor, ServiceCall } from '../core/callInterceptor.ts';
import type { TablePlan } from '../core/plan.ts';
import type { TemplateOptions } from '../template/templateResolver.ts';
import { accessRequests } from './accessRequests.ts';
import { type AccessRequest, decide } from './decide.ts';
import { type FunctionPolicy, functionPolicies } from './functionPolicies.ts';
import type { Statement } from './policyStatement.ts';
import { tablePolicies } from './tablePolicies.ts';

export interface Policies {
  /** By the function's name, which is the caller of its calls. */
  readonly functions: ReadonlyMap<string, FunctionPolicy>;
  /** By the table's ARN. */
  readonly tables: ReadonlyMap<string, readonly Statement[]>;
}

/** Policies that allow nothing. */
export const noPolicies: Policies = { functions: new Map(), tables: new Map() };

/** All policies of a template that calls are checked against. */
export const policiesOf = (options: TemplateOptions): Policies => ({
  functions: functionPolicies(options),
  tables: tablePolicies(options),
});

export interface AuthorisingOptions {
  /** The current policies. */
  readonly policies: () => Policies;
  readonly tables: readonly TablePlan[];
  /** Called with each denial, in AWS's wording. */
  readonly denied?: (message: string) => void;
}

const refusedWith = (user: string, { action, resource }: AccessRequest, why: string): string =>
  `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${why}`;

/** Why a request is denied, in AWS's wording; undefined for an allowed one. Within one account, an allow in either policy is enough. */
const denial = (
  request: AccessRequest,
  own: readonly Statement[],
  tables: readonly Statement[],
): string | undefined => {
  const [byRole, byTable] = [decide(own, request), decide(tables, request)];
  if (byRole === 'deniedExplicitly') return 'with an explicit deny in an identity-based policy';
  if (byTable === 'deniedExplicitly') return 'with an explicit deny in a resource-based policy';
  const allowed = byRole === 'allowed' || byTable === 'allowed';
  return allowed ? undefined : `because no identity-based policy allows the ${request.action} action`;
};

/** The ARN of the table itself, also for its indexes and stream. */
const tableOf = (resource: string): string => resource.replace(/(:table\/[^/]+)\/.*$/, '$1');

/** Clients of SQS show the error code of its older protocol. */
const refusal = ({ service }: ServiceCall, message: string): AwsRefusal =>
  new AwsRefusal('AccessDeniedException', message, service === 'sqs' ? 'AccessDenied' : undefined);

/** Denies every call that the caller's role doesn't allow. A caller without a role may call nothing, except for an operator. */
export function authorisingInterceptor({ policies, tables, denied = () => {} }: AuthorisingOptions): CallInterceptor {
  return async (call, pass) => {
    const name = call.caller ?? 'anonymous';
    if (name === operatorKey) return await pass();
    const { functions, tables: ofTables } = policies();
    const policy = functions.get(name);
    const user = policy === undefined ? arn.user(name) : arn.assumed(policy.role, name);
    const principal = policy === undefined ? user : arn.role(policy.role);
    for (const request of accessRequests(call, tables)) {
      const speaking = (ofTables.get(tableOf(request.resource)) ?? []).filter((each) => each.takesPrincipal(principal));
      const why = denial(request, policy?.statements ?? [], speaking);
      if (why === undefined) continue;
      const message = refusedWith(user, request, why);
      denied(message);
      throw refusal(call, message);
    }
    return await pass();
  };
}
