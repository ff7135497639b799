// Who sees a field? It is declared beside the field; what isn't declared only the vendor sees.
import * as z from 'zod';

/** Who sees a field of an event, or a column of a table (decision 21). */
export type Audience =
  /** Everyone who sees the engagement, offer, campaign or party at all. */
  | { readonly kind: 'everyone' }
  /** The vendor, and each party that one of these fields names. They stand in the same object or in one around it. */
  | { readonly kind: 'parties'; readonly namedBy: readonly string[] }
  /** The vendor alone. */
  | { readonly kind: 'vendor' };

/** Fields by name. */
type Fields = Readonly<Record<string, z.ZodType>>;

const declared = z.registry<{ readonly audience: Audience }>();

/** Each field is copied, so that a schema which several fields share can be seen by others in each of them. */
const declare = <Shape extends Fields>(audience: Audience, shape: Shape): Shape => {
  const own: Shape = { ...shape };
  for (const [name, schema] of Object.entries(shape)) {
    const field = schema.clone(schema._zod.def, { parent: true });
    declared.add(field, { audience });
    Object.assign(own, { [name]: field });
  }
  return own;
};

/** Fields that everyone sees who sees the whole. */
export const forEveryone = <Shape extends Fields>(shape: Shape): Shape => declare({ kind: 'everyone' }, shape);

/** Fields that only the vendor sees. */
export const forVendor = <Shape extends Fields>(shape: Shape): Shape => declare({ kind: 'vendor' }, shape);

/** Fields that only the vendor sees, and each party that one of the fields `namedBy` names. */
export const forParties = <Shape extends Fields>(namedBy: readonly string[], shape: Shape): Shape =>
  declare({ kind: 'parties', namedBy }, shape);

/** What a field declares; undefined where it declares nothing. */
export const declaredAudience = (field: z.core.$ZodType): Audience | undefined => declared.get(field)?.audience;

/** Who sees a field: what it declares, else the vendor alone. */
export const audienceOf = (field: z.core.$ZodType): Audience => declaredAudience(field) ?? { kind: 'vendor' };
