// Which secret has the source issued? It comes from a file, from standard input, or from the environment, never from the arguments.
// `npm run connect` calls it; it reads the file or standard input.
import { text } from 'node:stream/consumers';
import type { Properties } from '../../local/core/json.ts';
import { textOfFile } from '../textOfFile.ts';

/** The secret; undefined where none is given. `--secret-file -` is standard input. */
export async function issuedSecret(flags: Properties): Promise<string | undefined> {
  const path = flags.text('secret-file', '');
  if (path === '-') return (await text(process.stdin)).trim();
  if (path !== '') return textOfFile(path, '--secret-file').trim();
  return process.env.THROUGHLINE_SECRET?.trim() || undefined;
}
