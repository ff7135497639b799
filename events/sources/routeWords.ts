// Which route to market does a word of a source mean?
import * as z from 'zod';
import { Marketplace, Route } from '../fields.ts';

const RouteWord = z.strictObject({ route: Route, marketplace: Marketplace.optional() });
export type RouteWord = Readonly<z.infer<typeof RouteWord>>;

/**
 * The route that each word of a source means. Case and outer white space don't count: `{ "Via Arrowline": {
 * "route": "two_tier" }, "AWS Private Offer": { "route": "marketplace", "marketplace": "aws" } }`.
 */
export const RouteWords = z
  .record(z.string().min(1), RouteWord)
  .transform(
    (words): Readonly<Record<string, RouteWord>> =>
      Object.fromEntries(Object.entries(words).map(([word, route]) => [plainWord(word), route])),
  );

const plainWord = (word: string): string =>
  word
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');

const usual: Readonly<Record<string, RouteWord>> = {
  direct: { route: 'direct' },
  distributor: { route: 'two_tier' },
  distribution: { route: 'two_tier' },
  'two tier': { route: 'two_tier' },
  '2 tier': { route: 'two_tier' },
  'co sell': { route: 'co_sell' },
  cosell: { route: 'co_sell' },
  marketplace: { route: 'marketplace' },
  'aws marketplace': { route: 'marketplace', marketplace: 'aws' },
  'aws marketplace cppo': { route: 'marketplace', marketplace: 'aws' },
  'azure marketplace': { route: 'marketplace', marketplace: 'azure' },
  'microsoft marketplace': { route: 'marketplace', marketplace: 'azure' },
  'google marketplace': { route: 'marketplace', marketplace: 'google' },
  'google cloud marketplace': { route: 'marketplace', marketplace: 'google' },
  'gcp marketplace': { route: 'marketplace', marketplace: 'google' },
};

/** The route that a word means: by the mapping, else by the usual words. Undefined if neither holds the word. */
export const routeOf = (word: string, words: Readonly<Record<string, RouteWord>>): RouteWord | undefined => {
  const key = plainWord(word);
  if (Object.hasOwn(words, key)) return words[key];
  return Object.hasOwn(usual, key) ? usual[key] : undefined;
};
