// What do an engagement's rows rest on, and how did they look? Kept with its head in the fewest bytes, as every fact writes it again.
import * as z from 'zod';
import { packText, unpackText } from '../aws/packText.ts';

export const HeadState = z.object({
  /** Version of every stream that the rows were made of; 0 for one that held nothing. */
  basis: z.record(z.string(), z.number()),
  /** A short digest of every row, the head's own among them, by table and key. */
  digests: z.record(z.string(), z.string()),
});
export type HeadState = Readonly<z.infer<typeof HeadState>>;

/** As one text and compressed: nobody asks for a part of it, and ids repeat. */
export const packState = ({ basis, digests }: HeadState): Uint8Array => packText(JSON.stringify({ basis, digests }));

const Packed = z
  .object({ headState: z.instanceof(Uint8Array) })
  .transform(({ headState }) => HeadState.parse(JSON.parse(unpackText(headState))));

/** Heads written before they were packed: a map, and a text. */
const Unpacked = z
  .object({ basis: HeadState.shape.basis, digests: z.string().default('{}') })
  .transform(({ basis, digests }) => HeadState.parse({ basis, digests: JSON.parse(digests) }));

/** The state among a head's attributes, whichever way it was written. */
export const StoredState = z.union([Packed, Unpacked]);

/** The attributes that hold it, for those who ask for a part of a head. */
export const stateAttributes = 'headState, basis';
