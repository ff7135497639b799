// Which mapping does --mapping give, as JSON text or as @FILE?
// `npm run connect` calls it; it reads the file.
import { readJson } from '../../../events/sources/sourceJson.ts';
import { refuse } from '../../local/core/refusal.ts';
import { textOfFile } from '../textOfFile.ts';

/** The longest mapping, in bytes: an item of the connections table has to hold it beside all else. */
const bytesLimit = 256 * 1024;

/** The mapping; refuses what is no JSON, nested too deep, or too large. */
export function mappingIn(given: string): unknown {
  const text = given.startsWith('@') ? textOfFile(given.slice(1), '--mapping') : given;
  const where = given.startsWith('@') ? `--mapping ${given}` : '--mapping';
  const bytes = Buffer.byteLength(text);
  if (bytes > bytesLimit) refuse(`${where} has ${bytes} bytes; ${bytesLimit} are allowed.`);
  const read = readJson(text);
  if (!read.ok) refuse(`${where} is not JSON: ${read.message}. A file is named with @: --mapping @FILE.`);
  return JSON.parse(text);
}
