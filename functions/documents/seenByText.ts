// How do the documents say who sees a field or a column?
import * as z from 'zod';
import { type Audience, declaredAudience } from '../../events/audience.ts';

/** How columns that are the vendor's own end their descriptions. */
const forVendors = 'For the vendor alone.';

const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(' or ');

/** Who sees it, in a sentence; empty if everyone does. */
export const seenByText = (audience: Audience): string => {
  switch (audience.kind) {
    case 'everyone':
      return '';
    case 'parties':
      return `A partner sees it if ${listed(audience.namedBy)} names it.`;
    case 'sayer':
      return 'A partner sees it of what it said itself.';
    case 'lead': {
      const named = audience.namedBy.length === 0 ? '' : `, or if ${listed(audience.namedBy)} names it`;
      return `A partner sees it if it led when the event occurred, or said the event${named}.`;
    }
    case 'commercial':
      return audience.from === undefined
        ? 'A partner sees it if it led when each event occurred that it comes from, or said the event.'
        : `A partner sees it if it led when \`${audience.from}\` occurred, or said that event.`;
    case 'vendor':
      return forVendors;
    default:
      return audience satisfies never;
  }
};

/** A description, and who sees what it describes, unless it says so itself. A field that declares nothing is for all who see what holds it. */
export const withSeenBy = (description: string | undefined, schema: z.core.$ZodType): string => {
  const audience = declaredAudience(schema);
  const seen = audience === undefined || description?.endsWith(forVendors) ? '' : seenByText(audience);
  return [description ?? '', seen].filter((text) => text !== '').join(' ');
};

/** The description of a field or column, and who sees it. */
export const describedFor = (schema: z.core.$ZodType): string =>
  withSeenBy(z.globalRegistry.get(schema)?.description, schema);
