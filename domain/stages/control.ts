// Which of a person's links, policies and judgements does control refuse?
import type { Fact, FactOf, RecordedEvent } from '../../events/catalog.ts';
import { canonicalJson } from '../../events/identifiers.ts';
import { isClaim, judgementsOf } from '../claims.ts';
import { linkOf } from '../context/identity.ts';
import { type History, standing } from '../history.ts';
import { mergeOf } from '../merging.ts';
import { type Refusal, refuse } from './refusal.ts';

/**
 * Refuses a link that leads an external id elsewhere than its standing link, a merge of what is merged already, a policy whose version is not the next one, a
 * dismissal that is over, and a rate of a currency to itself.
 */
export const controlRefusal = (before: readonly RecordedEvent[], fact: Fact): Refusal | undefined => {
  if (fact.type === 'IdentityLinked') {
    const link = linkOf(before);
    return link === undefined || canonicalJson(link.data.to) === canonicalJson(fact.data.to)
      ? undefined
      : refuse(
          'needsMerge',
          `event ${link.eventId} already links the id; to merge its engagement with another one, record an EngagementMerged`,
        );
  }
  if (fact.type === 'EngagementMerged') {
    if (fact.data.into === fact.streamId) return refuse('mergedIntoItself', 'name another engagement in `into`');
    const merge = mergeOf(before.filter(({ streamId }) => streamId === fact.streamId));
    return merge === undefined
      ? undefined
      : refuse(
          'alreadyMerged',
          `event ${merge.eventId} merges it into ${merge.data.into}; correct that event with supersedes, or take it back with FactRetracted`,
        );
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
  if (fact.type === 'FlagDismissed' && fact.data.until !== undefined && fact.data.until <= fact.occurredAt) {
    return refuse('dismissalOver', `it ends at ${fact.data.until}, before it begins at ${fact.occurredAt}`);
  }
  if (fact.type === 'FxRatePublished' && fact.data.base === fact.data.quote) {
    return refuse('rateOfOneCurrency', `${fact.data.base} is not converted to itself`);
  }
  return undefined;
};

/**
 * Refuses a judgement on what nobody said, on what no partner said, and one that repeats the last judgement. The last one
 * holds.
 */
export const claimRefusal = (
  history: History,
  { type, data }: FactOf<'ClaimConfirmed' | 'ClaimRejected'>,
): Refusal | undefined => {
  const claim = history.byEventId.get(data.eventId);
  if (claim === undefined) return refuse('claimUnknown', `no event ${data.eventId} in this stream`);
  if (!isClaim(claim)) {
    return refuse('notAClaim', `event ${claim.eventId} was not said by a partner; correct it with supersedes`);
  }
  const before = judgementsOf(standing(history)).get(claim.eventId);
  return before?.type === type
    ? refuse('alreadyJudged', `event ${before.eventId} is a ${type} of it already`)
    : undefined;
};
