// May the function that calls do what it asks, by the policies of its role? An interceptor that lets it through, or answers as AWS does.
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
  /** By the function's name, which is what a call's caller says. */
  readonly functions: ReadonlyMap<string, FunctionPolicy>;
  /** By the table's ARN. */
  readonly tables: ReadonlyMap<string, readonly Statement[]>;
}

/** By which nobody is allowed anything. */
export const noPolicies: Policies = { functions: new Map(), tables: new Map() };

/** All policies of a template that calls are checked against. */
export const policiesOf = (options: TemplateOptions): Policies => ({
  functions: functionPolicies(options),
  tables: tablePolicies(options),
});

export interface AuthorisingOptions {
  /** Those in force now. */
  readonly policies: () => Policies;
  readonly tables: readonly TablePlan[];
  /** Told of each denial, in AWS's words. */
  readonly denied?: (message: string) => void;
}

const refusedWith = (user: string, { action, resource }: AccessRequest, why: string): string =>
  `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${why}`;

/** Why a request is denied, in AWS's words; undefined for one that is allowed. Inside one account either policy may allow. */
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

/** A table's ARN, also for what lies below it. */
const tableOf = (resource: string): string => resource.replace(/(:table\/[^/]+)\/.*$/, '$1');

/** SQS's clients show the code of its older protocol. */
const refusal = ({ service }: ServiceCall, message: string): AwsRefusal =>
  new AwsRefusal('AccessDeniedException', message, service === 'sqs' ? 'AccessDenied' : undefined);

/** Denies whatever the caller's role doesn't allow; a caller without a role is allowed nothing, but for whoever operates. */
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
