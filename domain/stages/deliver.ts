// Which of a person's facts does Deliver refuse?
import type { Fact } from '../../events/catalog.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Refuses work that is logged already, and a deviation from a commitment that no proposal made. */
export const deliverRefusal = (engagement: Engagement, fact: Fact): Refusal | undefined => {
  switch (fact.type) {
    case 'WorkLogged':
      return engagement.of('WorkLogged').some((event) => event.data.workId === fact.data.workId)
        ? refuse('workAlreadyLogged', `work ${fact.data.workId} is already logged; correct it with supersedes`)
        : undefined;
    case 'DeviationRecorded': {
      const { commitmentId } = fact.data;
      const made = engagement.of('SolutionProposed').flatMap((event) => event.data.commitments.map(({ id }) => id));
      return commitmentId === undefined || made.includes(commitmentId)
        ? undefined
        : refuse('commitmentUnknown', `no proposal of this engagement makes the commitment ${commitmentId}`);
    }
    default:
      return undefined;
  }
};
