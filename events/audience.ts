// Who may see each field of an event, and each column of a table?
import * as z from 'zod';

/** Who sees a field of an event, or a column of a table. */
export type Audience =
  /** Everyone who sees the engagement, offer, campaign or party at all. */
  | { readonly kind: 'everyone' }
  /**
   * The vendor, and each party that one of these fields names. The fields are in the same object, or in an object
   * around it.
   */
  | { readonly kind: 'parties'; readonly namedBy: readonly string[] }
  /** The vendor alone. */
  | { readonly kind: 'vendor' };

/** Fields by name. */
type Fields = Readonly<Record<string, z.ZodType>>;

const declared = z.registry<{ readonly audience: Audience }>();

/** Copies each field: several fields may share one schema, and each of them needs an audience of its own. */
const declare = <Shape extends Fields>(audience: Audience, shape: Shape): Shape => {
  const own: Shape = { ...shape };
  for (const [name, schema] of Object.entries(shape)) {
    const field = schema.clone(schema._zod.def, { parent: true });
    declared.add(field, { audience });
    Object.assign(own, { [name]: field });
  }
  return own;
};

/** Fields for everyone who sees the object that holds them. */
export const forEveryone = <Shape extends Fields>(shape: Shape): Shape => declare({ kind: 'everyone' }, shape);

/** Fields for the vendor alone. */
export const forVendor = <Shape extends Fields>(shape: Shape): Shape => declare({ kind: 'vendor' }, shape);

/** Fields for the vendor, and for each party that a field listed in `namedBy` names. */
export const forParties = <Shape extends Fields>(namedBy: readonly string[], shape: Shape): Shape =>
  declare({ kind: 'parties', namedBy }, shape);

/** The audience that a field declares; undefined if it declares none. */
export const declaredAudience = (field: z.core.$ZodType): Audience | undefined => declared.get(field)?.audience;

/** The audience that a field declares, else the vendor alone. */
export const audienceOf = (field: z.core.$ZodType): Audience => declaredAudience(field) ?? { kind: 'vendor' };
