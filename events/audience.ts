// Who may see each field of an event, and each column of a table?
import * as z from 'zod';

/** Who sees a field of an event, or a column of a table. Whatever it is, the vendor sees it too. */
export type Audience =
  /** Everyone who sees the engagement, offer, campaign or party at all. */
  | { readonly kind: 'everyone' }
  /**
   * Each party that one of these fields names (of an event: who said it, too). The fields are in the same object, or in an
   * object around it.
   */
  | { readonly kind: 'parties'; readonly namedBy: readonly string[] }
  /** Of an event: who said it. */
  | { readonly kind: 'sayer' }
  /**
   * Of an event: the partner that led the engagement when the event occurred, who said it, and each party that one of these
   * fields names.
   */
  | { readonly kind: 'lead'; readonly namedBy: readonly string[] }
  /**
   * Of a row: the parties that the column `seenBy` lists. They may see the commercial fields of every event that the column
   * comes from. `from` is the column that names the one event; absent if it comes from several. `reason` is the column that
   * says `not_yours` if these columns are hidden.
   */
  | { readonly kind: 'commercial'; readonly seenBy: string; readonly from?: string; readonly reason?: string }
  /** Nobody else. */
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

/** Fields of an event for the vendor, and for who said it. */
export const forSayer = <Shape extends Fields>(shape: Shape): Shape => declare({ kind: 'sayer' }, shape);

/**
 * Commercial fields of an event, and what else is between the vendor and one partner: for the partner that led when the event
 * occurred, for who said it, and for each party that a field listed in `namedBy` names.
 */
export const forLead = <Shape extends Fields>(shape: Shape, namedBy: readonly string[] = []): Shape =>
  declare({ kind: 'lead', namedBy }, shape);

/** Commercial columns of a row: for the vendor, and for the parties that its column `seenBy` lists. */
export const forSeers = <Shape extends Fields>(
  by: { readonly seenBy: string; readonly from?: string; readonly reason?: string },
  shape: Shape,
): Shape => declare({ kind: 'commercial', ...by }, shape);

/** What a column of parties holds where there is nothing to hide. */
export const anyParty = 'everyone';

/** The audience that a field declares; undefined if it declares none. */
export const declaredAudience = (field: z.core.$ZodType): Audience | undefined => declared.get(field)?.audience;

/** The audience that a field declares, else the vendor alone. */
export const audienceOf = (field: z.core.$ZodType): Audience => declaredAudience(field) ?? { kind: 'vendor' };
