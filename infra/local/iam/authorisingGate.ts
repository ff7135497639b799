// May the function that calls do what it asks, by the policies of its role? A gate that lets it through, or answers as AWS does.
import { AwsRefusal } from '../awsCall.ts';
import type { Gate, ServiceCall } from '../gate.ts';
import { arn, operatorKey } from '../place.ts';
import type { TablePlan } from '../plan.ts';
import { accessRequests } from './accessRequests.ts';
import { type AccessRequest, decide, type Verdict } from './decide.ts';
import type { FunctionPolicy } from './functionPolicies.ts';

export interface AuthorisingOptions {
  /** By the function's name, which is what a call's caller says. */
  readonly policies: () => ReadonlyMap<string, FunctionPolicy>;
  readonly tables: readonly TablePlan[];
  /** Told of each denial, in AWS's words. */
  readonly denied?: (message: string) => void;
}

const because: Readonly<Record<Exclude<Verdict, 'allowed'>, (action: string) => string>> = {
  notAllowed: (action) => `because no identity-based policy allows the ${action} action`,
  deniedExplicitly: () => 'with an explicit deny in an identity-based policy',
};

const denial = (user: string, { action, resource }: AccessRequest, verdict: Exclude<Verdict, 'allowed'>): string =>
  `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${because[verdict](action)}`;

/** SQS's clients show the code of its older protocol. */
const refusal = ({ service }: ServiceCall, message: string): AwsRefusal =>
  new AwsRefusal('AccessDeniedException', message, service === 'sqs' ? 'AccessDenied' : undefined);

/** Denies whatever the caller's role doesn't allow; a caller without a role is allowed nothing, but for whoever operates. */
export function authorisingGate({ policies, tables, denied = () => {} }: AuthorisingOptions): Gate {
  return async (call, pass) => {
    const name = call.caller ?? 'anonymous';
    if (name === operatorKey) return await pass();
    const policy = policies().get(name);
    const user = policy === undefined ? arn.user(name) : arn.assumed(policy.role, name);
    for (const request of accessRequests(call, tables)) {
      const verdict = decide(policy?.statements ?? [], request);
      if (verdict === 'allowed') continue;
      const message = denial(user, request, verdict);
      denied(message);
      throw refusal(call, message);
    }
    return await pass();
  };
}
