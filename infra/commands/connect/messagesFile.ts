// Which messages does a file hold: one as JSON, a list, or one a line (NDJSON)?
// `npm run connect -- --check` and `npm run send` call it; it reads the file.
import { isObject } from '../../local/core/json.ts';
import { refuse } from '../../local/core/refusal.ts';
import { textOfFile } from '../textOfFile.ts';
import { elementsOf } from './jsonSlices.ts';

/** One message, with its place in the file for people. */
export interface FileMessage {
  readonly place: string;
  /** Its exact text. */
  readonly text: string;
}

const parsed = (text: string): { readonly json: unknown } | { readonly wrong: string } => {
  try {
    return { json: JSON.parse(text) };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
};

const holdsObject = (text: string): boolean => {
  const read = parsed(text);
  return 'json' in read && isObject(read.json);
};

/** Lines that hold JSON each. A line that does not is a message too: who reads it says what is wrong. */
const linesOf = (text: string): readonly FileMessage[] =>
  text
    .split(/\r?\n/)
    .map((line, index) => ({ place: `line ${index + 1}`, text: line.trim() }))
    .filter((line) => line.text !== '');

/** The messages of a file; refuses a file that holds none. */
export function messagesOfFile(path: string): readonly FileMessage[] {
  const text = textOfFile(path, path).trim();
  if (text === '')
    return refuse(`The file "${path}" is empty: it should hold messages as JSON, a list of them, or one a line.`);
  const whole = parsed(text);
  if ('wrong' in whole) {
    const lines = linesOf(text);
    // Lines of which none is JSON are no lines of messages.
    return lines.some((line) => holdsObject(line.text))
      ? lines
      : refuse(
          `The file "${path}" is not JSON (${whole.wrong}): it should hold messages as JSON, a list, or one a line.`,
        );
  }
  if (!Array.isArray(whole.json)) return [{ place: 'message 1', text }];
  const elements = elementsOf(text);
  if (elements.length === 0) refuse(`The file "${path}" holds an empty list.`);
  return elements.map((element, index) => ({ place: `message ${index + 1}`, text: element }));
}
