// Which secret has the source issued? It comes from a file, from standard input, or from the environment, never from the arguments.
// `npm run connect` calls it; it reads the file or standard input.
import type { Properties } from '../../local/core/json.ts';
import { secretOfFile } from '../textOfFile.ts';

/** The secret; undefined where none is given. `--secret-file -` is standard input. */
export async function issuedSecret(flags: Properties): Promise<string | undefined> {
  const path = flags.text('secret-file', '');
  if (path !== '') return await secretOfFile(path, '--secret-file');
  return process.env.THROUGHLINE_SECRET?.trim() || undefined;
}
