// What may a person not tell the pipeline? A link that leads elsewhere than the one that stands, or a policy out of turn.
import type { Fact, RecordedEvent } from '../../events/catalog.ts';
import { canonicalJson } from '../../events/identifiers.ts';
import { linkOf } from '../context/identity.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Refuses a second link of one external id, and a policy whose version is not the next one. */
export const controlRefusal = (before: readonly RecordedEvent[], fact: Fact): Refusal | undefined => {
  if (fact.type === 'IdentityLinked') {
    const link = linkOf(before);
    return link === undefined || canonicalJson(link.data.to) === canonicalJson(fact.data.to)
      ? undefined
      : refuse(
          'needsMerge',
          `the id is linked by event ${link.eventId}; leading it elsewhere would merge what it stands for`,
        );
  }
  if (fact.type === 'PolicyPublished') {
    const newest = Math.max(
      0,
      ...before.filter((event) => event.type === 'PolicyPublished').map((event) => event.data.policyVersion),
    );
    return fact.data.policyVersion === newest + 1
      ? undefined
      : refuse('policyVersionNotNext', `the policy stands at version ${newest}; publish version ${newest + 1}`);
  }
  return undefined;
};
