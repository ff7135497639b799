// Is a request allowed? IAM's order decides: first an explicit deny, then an allow, else it is denied.
import type { RequestContext } from './conditions.ts';
import type { Statement } from './policyStatement.ts';

export interface AccessRequest {
  /** `dynamodb:PutItem` */
  readonly action: string;
  /** The ARN that it touches. */
  readonly resource: string;
  readonly context: RequestContext;
}

export type Verdict = 'allowed' | 'deniedExplicitly' | 'notAllowed';

/** Decides on one request, by the statements that apply to its caller. */
export function decide(statements: readonly Statement[], { action, resource, context }: AccessRequest): Verdict {
  const that = statements.filter(
    (statement) =>
      statement.takesAction(action) && statement.takesResource(resource) && statement.conditionsHold(context),
  );
  if (that.some(({ effect }) => effect === 'Deny')) return 'deniedExplicitly';
  return that.length > 0 ? 'allowed' : 'notAllowed';
}
