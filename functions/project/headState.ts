// How is a head stored: what do its rows rest on, how did they look, and who wrote them? Its state is packed, as every fact writes it again.
import * as z from 'zod';
import { packText, unpackText } from '../aws/packText.ts';

const HeadState = z.object({
  /** Version of every stream that the rows were made of; 0 for one that held nothing. Empty for a group's. */
  basis: z.record(z.string(), z.number()),
  /** A short digest of every row, by table and key: also of what the rows feed to groups, and of an engagement's own row. */
  digests: z.record(z.string(), z.string()),
});

/** A head (design, decision 13), beside the columns of the row that it may be. */
export const Head = z.object({
  ...HeadState.shape,
  evaluatedAt: z.string(),
  release: z.number(),
  computedBy: z.string(),
  /** Counts the writes: a writer's differences hold only against the head that it read. */
  revision: z.number(),
  /** Left by a writer of more rows than one transaction holds, until its last chunk: what it may have touched has an empty digest. */
  rebuilding: z.object({ writer: z.string() }).optional(),
});
export type Head = Readonly<z.infer<typeof Head>>;

const Packed = z
  .object({ headState: z.instanceof(Uint8Array) })
  .transform(({ headState }) => HeadState.parse(JSON.parse(unpackText(headState))));

/** A head as it is stored. Nobody asks for a part of its state, and the ids in it repeat: one text, compressed. */
export const StoredHead = z.intersection(Head.omit({ basis: true, digests: true }), Packed);

/** The attributes of a stored head, for those who leave the columns beside it. */
export const headAttributes = ['headState', 'evaluatedAt', 'release', 'computedBy', 'revision', 'rebuilding'] as const;

/** A head as attributes of its item. */
export const storedHead = ({ basis, digests, ...head }: Head) => ({
  ...head,
  headState: packText(JSON.stringify({ basis, digests })),
});
