// Which sources are there?
import { cloudevents } from './cloudevents.ts';
import { salesforce } from './salesforce.ts';
import type { Source } from './source.ts';
import { stripe } from './stripe.ts';

/** Every source. Each has a file of its own, and one line here. */
export const sources: readonly Source[] = [salesforce, stripe, cloudevents];

/** The source of that name; undefined if there is none. */
export const sourceOf = (name: string): Source | undefined => sources.find((source) => source.name === name);
