// How is an outside system's id written, whoever names it? In one spelling, so that the same thing always has the same id.
import { Reference } from '../envelope.ts';
import type { ExternalId } from '../identifiers.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The three characters that make a case-sensitive id safe where case is lost: each tells which of five are capitals. */
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
 * A Salesforce id in its form of 18 characters: 15 are completed, 18 that have lost their case get it back from the suffix;
 * undefined where the text has the form of neither.
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

/** The system of ids inside one Salesforce org: a copy of an org (a sandbox) has the same ids. */
export const salesforceSystem = (org: string): string => `salesforce:${salesforceId(org) ?? org}`;

/** An external id as its system's file writes it, for ids that others name. */
export const normalExternalId = (external: ExternalId): ExternalId => {
  const org = /^salesforce:(.+)$/.exec(external.system)?.[1];
  if (org === undefined) return external;
  return { system: salesforceSystem(org), kind: external.kind, id: salesforceId(external.id) ?? external.id };
};

/** Data with every external id inside it as its system's file writes it. */
export const withNormalExternalIds = (data: unknown): unknown => {
  if (Array.isArray(data)) return data.map(withNormalExternalIds);
  if (typeof data !== 'object' || data === null) return data;
  const external = Reference.safeParse(data);
  if (external.success) return normalExternalId(external.data);
  return Object.fromEntries(Object.entries(data).map(([field, said]) => [field, withNormalExternalIds(said)]));
};

/** Whether the id is a deal's or an opportunity's: it has an engagement without being linked (decision 9). */
export const isPrimary = (external: ExternalId): boolean => /^(?:deal|opportunity)$/i.test(external.kind);

/** A name that people chose for an engagement and write into several systems. */
export const engagementReference = (id: string): ExternalId => ({ system: 'reference', kind: 'engagement', id });

/** A name that people chose for a partner and write into several systems. */
export const partnerReference = (id: string): ExternalId => ({ system: 'reference', kind: 'partner', id });
