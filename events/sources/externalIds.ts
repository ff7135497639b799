// How is an outside system's id written, so that one thing always has one id?
import { Reference } from '../envelope.ts';
import type { ExternalId } from '../identifiers.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * The suffix of three characters that keeps an id's case where text loses it: each tells which of five characters are
 * capitals.
 */
const suffixOf = (id: string): string =>
  [0, 5, 10]
    .map((start) => {
      const capitals = [...id.slice(start, start + 5)].reduce(
        (bits, character, index) => bits | (/[A-Z]/.test(character) ? 1 << index : 0),
        0,
      );
      return alphabet.charAt(capitals);
    })
    .join('');

const recased = (id: string, suffix: string): string =>
  [...id]
    .map((character, index) => {
      const bits = alphabet.indexOf(suffix.charAt(Math.floor(index / 5)));
      return (bits >> (index % 5)) & 1 ? character.toUpperCase() : character.toLowerCase();
    })
    .join('');

/**
 * A Salesforce id as 18 characters. An id of 15 gets its suffix; an id of 18 that lost its case gets it back from the
 * suffix. Undefined if the text has neither form.
 */
export const salesforceId = (text: string): string | undefined => {
  if (!/^(?:[a-zA-Z0-9]{15}|[a-zA-Z0-9]{18})$/.test(text)) return undefined;
  if (text.length === 15) return text + suffixOf(text);
  const id = text.slice(0, 15);
  const suffix = text.slice(15).toUpperCase();
  const caseIsLost = text === text.toLowerCase() || text === text.toUpperCase();
  const restored = caseIsLost ? recased(id, suffix) : id;
  return suffixOf(restored) === suffix ? restored + suffix : text;
};

/**
 * The system of the ids of one Salesforce org. It names the org, because a copy of an org (a sandbox) has the same ids.
 */
export const salesforceSystem = (org: string): string => `salesforce:${salesforceId(org) ?? org}`;

/** An external id in its system's own spelling. Other systems may spell it otherwise. */
export const normalExternalId = (external: ExternalId): ExternalId => {
  const org = /^salesforce:(.+)$/.exec(external.system)?.[1];
  if (org === undefined) return external;
  return { system: salesforceSystem(org), kind: external.kind, id: salesforceId(external.id) ?? external.id };
};

/** Data in which every external id has its system's own spelling. */
export const withNormalExternalIds = (data: unknown): unknown => {
  if (Array.isArray(data)) return data.map(withNormalExternalIds);
  if (typeof data !== 'object' || data === null) return data;
  const external = Reference.safeParse(data);
  if (external.success) return normalExternalId(external.data);
  return Object.fromEntries(Object.entries(data).map(([field, said]) => [field, withNormalExternalIds(said)]));
};

/** Whether the id is a deal's or an opportunity's: such a primary id has an engagement without a link. */
export const isPrimary = (external: ExternalId): boolean => /^(?:deal|opportunity)$/i.test(external.kind);

/** Whether the id is of a part of an engagement, in the words of any system: nobody is meant by it. */
export const isPartOfEngagement = (external: ExternalId): boolean =>
  /^(?:subscription|invoice|order|contract|agreement)$/i.test(external.kind);

/** A name that people chose for an engagement and write into several systems. */
export const engagementReference = (id: string): ExternalId => ({ system: 'reference', kind: 'engagement', id });

/** A name that people chose for a partner and write into several systems. */
export const partnerReference = (id: string): ExternalId => ({ system: 'reference', kind: 'partner', id });
