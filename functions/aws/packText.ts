// How is a text kept in few bytes? As raw deflate, made in JavaScript: Node's own zlib aborts the process when its thread is ended at work.
import { deflateSync, inflateSync } from 'fflate';

/** Deflate makes at most so many bytes of one. */
const mostOfOne = 1_032;

/** Packed texts of up to so many bytes are usual. */
const usual = 4_096;

/** Room that any usual text fits into, taken once: to take some for each takes longer than to unpack it. What isn't written costs no memory. */
const room = new Uint8Array(usual * mostOfOne);

/** The text's UTF-8, compressed; a short text may become longer. */
export const packText = (text: string): Uint8Array => deflateSync(Buffer.from(text));

/** What was packed; throws where it was cut off or is no deflate. */
export const unpackText = (packed: Uint8Array): string => {
  const bytes = inflateSync(packed, packed.length > usual ? {} : { out: room });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
};
