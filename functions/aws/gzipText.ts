// How is a text packed for a client that unpacks it, as gzip?
import { gzipSync } from 'fflate';

/** The text's UTF-8, compressed in JavaScript: Node's own zlib aborts the process when its thread is terminated at work. */
export const gzipText = (text: string): Uint8Array => gzipSync(Buffer.from(text), { mtime: 0 });
