// How is a text stored in few bytes, as raw deflate?
import { deflateSync, inflateSync } from 'fflate';

/** The most bytes that one byte of deflate unpacks to. */
const mostOfOne = 1_032;

/** Most packed texts have at most this many bytes. */
const usual = 4_096;

/** A buffer for any usual text, allocated once: an allocation per text takes longer than unpacking. Bytes never written cost no memory. */
const room = new Uint8Array(usual * mostOfOne);

/**
 * The text's UTF-8, compressed; a short text may become longer. It is packed in JavaScript, because Node's own zlib aborts the
 * process when its thread is terminated at work.
 */
export const packText = (text: string): Uint8Array => deflateSync(Buffer.from(text));

/** A text as the value of an item's attribute: packed where that is shorter. */
export const packed = (text: string): string | Uint8Array => {
  const bytes = packText(text);
  return bytes.length < Buffer.byteLength(text) ? bytes : text;
};

/** The text that was packed; throws where the bytes are cut off or are not deflate. */
export const unpackText = (bytesOfText: Uint8Array): string => {
  const bytes = inflateSync(bytesOfText, bytesOfText.length > usual ? {} : { out: room });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
};
