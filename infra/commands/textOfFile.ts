// What does a file hold that a flag names?
// Commands that take a file call it; it reads the file, or standard input.
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { refuse } from '../local/core/refusal.ts';

/** The text of a file without its byte order mark; refuses a file that can't be read. `what` names the flag in refusals. */
export function textOfFile(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    return refuse(
      `${what}: the file "${path}" can't be read: ${error instanceof Error ? error.message : error}.`,
      error,
    );
  }
}

/** The secret in a file, without white space around it; `-` is standard input. */
export const secretOfFile = async (path: string, what: string): Promise<string> =>
  (path === '-' ? await text(process.stdin) : textOfFile(path, what)).trim();
