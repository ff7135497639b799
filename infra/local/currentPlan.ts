// Which plan is in force? The template's, as read last, and the policies beside it.
import { place } from './core/awsNames.ts';
import type { Plan } from './core/plan.ts';
import { refuse } from './core/refusal.ts';
import { noPolicies, type Policies, policiesOf } from './iam/authorisingInterceptor.ts';
import type { OpenedParts } from './openParts.ts';
import { type Assembly, issuerPlaceholder } from './template/synthesize.ts';
import { readTemplate } from './template/template.ts';

export interface CurrentPlan {
  plan(): Plan;
  /** None where calls are not authorised. */
  policies(): Policies;
  /** Takes a template anew; what functions and tables are must be as before. */
  take(assembly: Assembly): void;
}

const parsed = ({ text }: Assembly, issuer: string): unknown => JSON.parse(text.replaceAll(issuerPlaceholder, issuer));

/** What a template taken anew may not change, as text that compares. */
const lasting = ({ functions, tables, queueMappings, streamMappings }: Plan): string =>
  JSON.stringify([functions.map(({ name }) => name), tables, queueMappings, streamMappings]);

/** Reads the template that was opened. Refuses, by name, what can't be run here. */
export function currentPlan(
  { api, services, issuer, assembly }: Pick<OpenedParts, 'api' | 'services' | 'issuer' | 'assembly'>,
  authorise: boolean,
): CurrentPlan {
  const optionsOf = (from: Assembly) => ({
    template: parsed(from, issuer.url),
    stack: from.stack,
    addresses: { queues: `${services.url}/${place.account}`, api: api.url },
  });
  const read = (from: Assembly): Plan => readTemplate({ ...optionsOf(from), assembly: from.folder });
  // A plain start doesn't look at policies, so that none that it couldn't read stands in its way.
  const readPolicies = (from: Assembly): Policies => (authorise ? policiesOf(optionsOf(from)) : noPolicies);
  let plan = read(assembly);
  let policies = readPolicies(assembly);
  return {
    plan: () => plan,
    policies: () => policies,
    take(from) {
      const next = read(from);
      if (lasting(next) !== lasting(plan)) refuse('Functions, tables or mappings have changed: stop and start again.');
      plan = next;
      policies = readPolicies(from);
    },
  };
}
