// Does a partner's fact stay within what one engagement can hold?
import type { Fact } from '../../events/catalog.ts';
import { isClaim } from '../claims.ts';
import type { History } from '../history.ts';
import { type Refusal, refuse } from './refusal.ts';

/**
 * How many facts a partner may say of one engagement. With more, its rows could no longer be computed and written. Each partner has
 * its own: one that led before can't silence the next.
 */
export const mostByPartners = 2000;

/** The most characters of the data of a partner's fact, as JSON: a handoff with a hundred expectations has fewer. */
export const longestByPartners = 32_768;

/**
 * The most characters of the data of all facts that a partner says of one engagement. An order has a row for each of its legs: with
 * more, the digests of its rows would no longer fit into the engagement's head.
 */
export const longestOfAllByPartners = 1_000_000;

/** The length of each event's data, cached: it is asked for again with each fact that follows. */
const lengths = new WeakMap<object, number>();

const lengthOf = (data: object): number => {
  const length = lengths.get(data) ?? JSON.stringify(data).length;
  lengths.set(data, length);
  return length;
};

/** Refuses a partner's fact that would fill an engagement up, so that nobody's rows of it could be written any more. */
export const partnerBoundsRefusal = (history: History, fact: Fact): Refusal | undefined => {
  if (!isClaim(fact)) return undefined;
  const length = lengthOf(fact.data);
  if (length > longestByPartners) {
    return refuse('eventTooLarge', `the data has ${length} characters; a partner's fact may have ${longestByPartners}`);
  }
  const said = history.events.filter((event) => isClaim(event) && event.saidBy?.partyId === fact.saidBy?.partyId);
  const most = said.length >= mostByPartners;
  const all = said.reduce((sum, { data }) => sum + lengthOf(data), length);
  if (!most && all <= longestOfAllByPartners) return undefined;
  const which = most ? `${said.length} facts` : `facts of ${all - length} characters`;
  return refuse('tooManyFacts', `the partner has said ${which} of this engagement, which is the most; ask the vendor`);
};
