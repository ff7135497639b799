// Which of a person's links and policies does control refuse?
import type { Fact, RecordedEvent } from '../../events/catalog.ts';
import { canonicalJson } from '../../events/identifiers.ts';
import { linkOf } from '../context/identity.ts';
import { type Refusal, refuse } from './refusal.ts';

/**
 * Refuses a link that leads an external id elsewhere than its standing link, and a policy whose version is not the next
 * one.
 */
export const controlRefusal = (before: readonly RecordedEvent[], fact: Fact): Refusal | undefined => {
  if (fact.type === 'IdentityLinked') {
    const link = linkOf(before);
    return link === undefined || canonicalJson(link.data.to) === canonicalJson(fact.data.to)
      ? undefined
      : refuse('needsMerge', `event ${link.eventId} already links the id; a link to elsewhere would merge two streams`);
  }
  if (fact.type === 'PolicyPublished') {
    const newest = Math.max(
      0,
      ...before.filter((event) => event.type === 'PolicyPublished').map((event) => event.data.policyVersion),
    );
    return fact.data.policyVersion === newest + 1
      ? undefined
      : refuse('policyVersionNotNext', `the policy is at version ${newest}; publish version ${newest + 1}`);
  }
  return undefined;
};
