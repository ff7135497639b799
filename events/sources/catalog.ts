// Which sources are there?
import { cloudevents } from './cloudevents.ts';
import { salesforce } from './salesforce.ts';
import type { Connection, Source } from './source.ts';
import { stripe } from './stripe.ts';

/** Every source. Each has a file of its own, and one line here. */
export const sources: readonly Source[] = [salesforce, stripe, cloudevents];

/** The source of that name; undefined if there is none. */
export const sourceOf = (name: string): Source | undefined => sources.find((source) => source.name === name);

/**
 * The account in the ids of a connection's facts. What is said for a partner is another fact than what the tenant's own system says
 * by the same id, and never restates that one.
 */
export const factAccountOf = ({ source, account, partner }: Connection): string => {
  const own = sourceOf(source)?.factAccount ?? account;
  return partner === undefined ? own : `${own}|${partner}`;
};
