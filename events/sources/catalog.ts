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
 * The account in the ids of a connection's facts. A connection that is bound to a partner has its own: else its messages could
 * restate facts that others said.
 */
export const factAccountOf = ({ source, account, partner }: Connection): string =>
  partner === undefined ? (sourceOf(source)?.factAccount ?? account) : account;
