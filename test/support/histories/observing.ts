// Which policy does a tenant publish that has kept its history well? One that observes all of it.
import { defaultPolicy, type Policy } from '../../../domain/context/policy.ts';
import type { FactOf, RecordedEvent } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { policyPublished } from './engagementFacts.ts';
import { fact, type Said, tenantId } from './events.ts';

/** Every type is observed since before any history of the tests. */
export const everythingObserved = { '*': '2000-01-01T00:00:00.000Z' } as const;

/** What such a policy says: it holds for all of history. */
export const observingPolicy: Said<'PolicyPublished'> = {
  policyVersion: 1,
  effectiveFrom: everythingObserved['*'],
  observedFrom: everythingObserved,
};

/** The policy in force, for contexts that are made by hand: the defaults, and everything is observed. */
export const observing: Policy = { ...defaultPolicy, observedFrom: everythingObserved };

/** The policy as a fact of the tests' tenant, for tests that feed facts of the past and expect flags of silence. */
export const historyObserved = (said: Partial<Said<'PolicyPublished'>> = {}): FactOf<'PolicyPublished'> =>
  fact(
    'PolicyPublished',
    { ...observingPolicy, ...said },
    { at: '2000-01-01', stream: streamIdOf(tenantId, 'policy', 'policy') },
  );

/** The policy as it stands in its stream: for stories that are told in any order of arrival. */
export const historyKept: RecordedEvent = policyPublished({ observedFrom: everythingObserved }, { from: '2000-01-01' });
