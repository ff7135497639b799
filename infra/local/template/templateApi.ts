// Which HTTP routes does a template have, and who may call them?

import type { Properties } from '../core/json.ts';
import type { JwtPlan, RoutePlan } from '../core/plan.ts';
import { refuse } from '../core/refusal.ts';

const only = (from: Properties, name: string, allowed: readonly string[]): void => {
  const found = from.text(name, allowed[0]);
  if (!allowed.includes(found))
    refuse(`${from.where}: ${name} ${found} is not run locally, only ${allowed.join(', ')}.`);
};

/** Refuses what isn't an HTTP API with its default stage. */
export function checkApi(from: Properties): void {
  only(from, 'ProtocolType', ['HTTP']);
}

export function checkStage(from: Properties): void {
  only(from, 'StageName', ['$default']);
}

/** The function behind an integration. */
export function readIntegration(from: Properties): string {
  only(from, 'IntegrationType', ['AWS_PROXY']);
  only(from, 'PayloadFormatVersion', ['2.0']);
  const uri = from.text('IntegrationUri');
  return /:function:([^:/]+)/.exec(uri)?.[1] ?? refuse(`${from.where}: IntegrationUri ${uri} is not a function.`);
}

/** An authorizer for JWTs in the Authorization header. */
export function readAuthorizer(from: Properties): JwtPlan {
  only(from, 'AuthorizerType', ['JWT']);
  const sources = from.texts('IdentitySource');
  if (sources.some((source) => source !== '$request.header.Authorization')) {
    refuse(`${from.where}: IdentitySource ${sources.join(', ')} is not run locally.`);
  }
  const jwt = from.object('JwtConfiguration');
  return { issuer: jwt.text('Issuer'), audience: jwt.texts('Audience') };
}

/** A route; `integrations` and `authorizers` are those of the template, by logical id. */
export function readRoute(
  from: Properties,
  known: {
    readonly integrations: ReadonlyMap<string, string>;
    readonly authorizers: ReadonlyMap<string, JwtPlan>;
  },
): RoutePlan {
  only(from, 'AuthorizationType', ['NONE', 'JWT']);
  const target = from.text('Target').replace(/^integrations\//, '');
  const handler = known.integrations.get(target) ?? refuse(`${from.where}: Target ${target} is not an integration.`);
  const route = { key: from.text('RouteKey'), function: handler };
  if (from.text('AuthorizationType', 'NONE') === 'NONE') return route;
  const id = from.text('AuthorizerId');
  return { ...route, jwt: known.authorizers.get(id) ?? refuse(`${from.where}: AuthorizerId ${id} is not known.`) };
}
