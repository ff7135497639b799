// Which plan and policies does the runtime use now? Those of the template, as it was read last.
import { place } from './core/awsNames.ts';
import type { Plan } from './core/plan.ts';
import { refuse } from './core/refusal.ts';
import { noPolicies, type Policies, policiesOf } from './iam/authorisingInterceptor.ts';
import type { OpenedParts } from './openParts.ts';
import { type Assembly, issuerPlaceholder } from './template/synthesize.ts';
import { readTemplate } from './template/template.ts';

export interface CurrentPlan {
  plan(): Plan;
  /** Empty where calls are not authorised. */
  policies(): Policies;
  /** Reads the template again; functions and tables must be the same as before. */
  take(assembly: Assembly): void;
}

const parsed = ({ text }: Assembly, issuer: string): unknown => JSON.parse(text.replaceAll(issuerPlaceholder, issuer));

/** The parts that must not change when the template is read again, as a text to compare. */
const lasting = ({ functions, tables, queueMappings, streamMappings }: Plan): string =>
  JSON.stringify([functions.map(({ name }) => name), tables, queueMappings, streamMappings]);

/** Reads the template that was opened. Refuses, by name, what the local runtime can't run. */
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
  // A start without --authorise doesn't read policies, so a policy that it couldn't read doesn't stop it.
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
