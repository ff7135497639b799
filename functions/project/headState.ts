// How is a head stored, with what its rows rest on, their digests, and their writer?

import * as z from 'zod';
import { builtOnce } from '../../events/builtOnce.ts';
import { packText, unpackText } from '../aws/packText.ts';

const HeadState = builtOnce(() =>
  z.object({
    /** The version of every stream that the rows were made from; 0 for an empty stream. Without streams for a group. */
    basis: z.record(z.string(), z.number()),
    /** A short digest of every row, by table and key; contributions to groups and an engagement's own row are included. */
    digests: z.record(z.string(), z.string()),
  }),
);

/** A head, without the columns of the row that it may also be. */
export const Head = builtOnce(() =>
  z.object({
    ...HeadState().shape,
    evaluatedAt: z.string(),
    release: z.number(),
    computedBy: z.string(),
    /** Counts the writes. A write succeeds only while the head has the revision that its writer has read. */
    revision: z.number(),
    /** The mark of a writer that needs several transactions, until its last write. Rows that it may have touched have an empty digest. */
    rebuilding: z.object({ writer: z.string() }).optional(),
  }),
);
export type Head = Readonly<z.infer<ReturnType<typeof Head>>>;

const Packed = builtOnce(() =>
  z
    .object({ headState: z.instanceof(Uint8Array) })
    .transform(({ headState }) => HeadState().parse(JSON.parse(unpackText(headState)))),
);

/** A head as it is stored. Its state is one compressed text: every fact writes it again, its ids repeat, and nobody reads a part of it. */
export const StoredHead = builtOnce(() => z.intersection(Head().omit({ basis: true, digests: true }), Packed()));

/** The attributes of a stored head, for readers that don't need the columns of the row. */
export const headAttributes = ['headState', 'evaluatedAt', 'release', 'computedBy', 'revision', 'rebuilding'] as const;

/** A head as attributes of its item. */
export const storedHead = ({ basis, digests, ...head }: Head) => ({
  ...head,
  headState: packText(JSON.stringify({ basis, digests })),
});
