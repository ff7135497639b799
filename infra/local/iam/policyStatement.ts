// What does a statement of an IAM policy allow or deny? It is read once into tests of action, resource, principal and request context.
import { isObject, type Properties, properties } from '../core/json.ts';
import { refuse } from '../core/refusal.ts';
import { type Condition, readConditions } from './conditions.ts';
import { arnPattern, wildcard } from './wildcards.ts';

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** The action patterns and resource patterns as written, for a list of grants. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly takesAction: (action: string) => boolean;
  readonly takesResource: (arn: string) => boolean;
  /** Whether it names a service of AWS (`events.amazonaws.com`), or a role by its ARN; a role's own policy names no principal. */
  readonly takesPrincipal: (principal: string) => boolean;
  readonly conditionsHold: Condition;
}

const elements = ['Sid', 'Effect', 'Action', 'Resource', 'Principal', 'Condition'];

const several = (from: Properties, name: string): readonly string[] => {
  const found = from.raw(name);
  return typeof found === 'string' ? [found] : from.texts(name);
};

const anyOf =
  (tests: readonly ((text: string) => boolean)[]) =>
  (text: string): boolean =>
    tests.some((test) => test(text));

function principalTest(from: Properties): Statement['takesPrincipal'] {
  const found = from.raw('Principal');
  if (found === undefined) return () => false;
  if (found === '*') return () => true;
  const named = from.object('Principal');
  const principals = [...several(named, 'AWS'), ...several(named, 'Service')];
  return (principal) => principals.includes('*') || principals.includes(principal);
}

function readStatement(from: Properties): Statement {
  const unknown = from.entries().find(([name]) => !elements.includes(name));
  if (unknown !== undefined) refuse(`${from.where}: the element ${unknown[0]} is not understood locally.`);
  const effect = from.text('Effect');
  if (effect !== 'Allow' && effect !== 'Deny')
    return refuse(`${from.where}: Effect ${effect} is neither Allow nor Deny.`);
  const actions = several(from, 'Action');
  const resources = several(from, 'Resource');
  const takes = anyOf(actions.map((action) => wildcard(action.toLowerCase())));
  return {
    effect,
    actions,
    resources,
    takesAction: (action) => takes(action.toLowerCase()),
    takesResource: anyOf(resources.map(arnPattern)),
    takesPrincipal: principalTest(from),
    conditionsHold: readConditions(from.raw('Condition'), `${from.where}: Condition`),
  };
}

/** The statements of a policy document whose intrinsics are resolved; `where` names it in refusals. */
export function readPolicy(document: unknown, where: string): readonly Statement[] {
  const from = properties(document, where);
  const statement = from.raw('Statement');
  if (isObject(statement)) return [readStatement(properties(statement, `${where}: Statement`))];
  return from.objects('Statement').map(readStatement);
}
