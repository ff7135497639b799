// Does a partner's fact stay within what one engagement can hold?
import type { Fact } from '../../events/catalog.ts';
import { isClaim } from '../claims.ts';
import type { History } from '../history.ts';
import { type Refusal, refuse } from './refusal.ts';

/** How many facts partners may say of one engagement. With more, its rows could no longer be computed and written. */
export const mostByPartners = 2000;

/** The most characters of the data of a partner's fact, as JSON: a handoff with a hundred expectations has fewer. */
export const longestByPartners = 32_768;

/** Refuses a partner's fact that would fill an engagement up, so that nobody's rows of it could be written any more. */
export const partnerBoundsRefusal = (history: History, fact: Fact): Refusal | undefined => {
  if (!isClaim(fact)) return undefined;
  const { length } = JSON.stringify(fact.data);
  if (length > longestByPartners) {
    return refuse('eventTooLarge', `the data has ${length} characters; a partner's fact may have ${longestByPartners}`);
  }
  const said = history.events.reduce((count, event) => (isClaim(event) ? count + 1 : count), 0);
  return said < mostByPartners
    ? undefined
    : refuse('tooManyFacts', `partners have said ${said} facts of this engagement, which is the most; ask the vendor`);
};
