// Which sources are there? One file each, and one line here.
import { cloudevents } from './cloudevents.ts';
import { salesforce } from './salesforce.ts';
import type { Source } from './source.ts';
import { stripe } from './stripe.ts';

/** Every source, by name. */
export const sources: readonly Source[] = [salesforce, stripe, cloudevents];

/** The source of that name; undefined if there is none. */
export const sourceOf = (name: string): Source | undefined => sources.find((source) => source.name === name);
