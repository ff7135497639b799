// Which paths and parameters can name nothing, because they are too long or malformed?
import { longestPathId } from './pathIds.ts';
import type { Problem } from './problem.ts';

interface Refused {
  readonly problem: Problem;
}

/** The parameters of a request, by name. */
type Asked = Readonly<Record<string, string | undefined>>;

const notFound = (detail: string): Refused => ({ problem: { status: 404, reason: 'notFound', detail } });
const badRequest = (reason: string, detail: string): Refused => ({ problem: { status: 400, reason, detail } });

/**
 * The most bytes of a parameter, in UTF-8. A parameter may become part of a key beside its tenant: a sort key of DynamoDB ends at
 * 1,024 bytes. A cursor only holds a key, and has a bound of its own.
 */
const longestParameter = 1000;

/** Whether a text of a body may be part of a key, as a parameter may. */
export const mayBeInKey = (text: string): boolean => text.isWellFormed() && Buffer.byteLength(text) <= longestParameter;

/** A part of the path, decoded; undefined where its encoding is malformed. */
const decoded = (part: string): string | undefined => {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
};

/** The parts of the path after `/v1/`, decoded; 404 where one is malformed, or longer than any id. */
export const pathIn = (rawPath: string): { readonly parts: readonly string[] } | Refused => {
  const parts: string[] = [];
  for (const part of rawPath.replace(/^\/v1\//, '').split('/')) {
    if (part === '') continue;
    const text = decoded(part);
    if (text === undefined) return notFound('no route /v1/…: the path has a % that begins no encoded character');
    if (!text.isWellFormed()) return notFound('no route /v1/…: a part of the path is not Unicode');
    const bytes = Buffer.byteLength(text);
    if (bytes > longestPathId)
      return notFound(`no route /v1/…: a part of the path has ${bytes} bytes, and no id has over ${longestPathId}`);
    parts.push(text);
  }
  return { parts };
};

/** Refuses a parameter that is too long to be a key, or not Unicode; undefined where there is none. */
export const wrongParameter = (asked: Asked): Refused | undefined => {
  for (const [name, value = ''] of Object.entries(asked)) {
    if (!name.isWellFormed() || !value.isWellFormed())
      return badRequest('parameterNotUnicode', `${name.slice(0, 40).toWellFormed()} is not Unicode text`);
    const bytes = Math.max(Buffer.byteLength(value), Buffer.byteLength(name));
    if (name === 'cursor' || bytes <= longestParameter) continue;
    const shown = name.slice(0, 40).toWellFormed();
    return badRequest('parameterTooLong', `${shown} has ${bytes} bytes; ${longestParameter} are allowed`);
  }
  return undefined;
};

/** What reading fails with where a cursor was made up: its key is of another table, is no key, or is not Unicode. */
const madeUp: ReadonlySet<string> = new Set([
  ...['ValidationException', 'SerializationException'],
  ...['SyntaxError', 'ZodError', '$ZodError'],
]);

/** Refuses a request whose cursor was made up; undefined where the error is not the cursor's. */
export const wrongCursor = ({ cursor }: Asked, error: unknown): Refused | undefined =>
  cursor !== undefined && error instanceof Error && madeUp.has(error.name)
    ? badRequest('cursorNotOfThisQuery', 'the cursor belongs to another query; leave it out to begin at the first page')
    : undefined;
