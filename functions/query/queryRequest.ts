// What is a request of the read API, and which answers may it get?
import { type Instant, parseInstant } from '../../events/instant.ts';
import type { Caller } from '../http/caller.ts';
import type { Problem } from '../http/problem.ts';
import type { AsOf } from './engagementAt.ts';

/** The parameters of a request, by name. */
export type Asked = Readonly<Record<string, string | undefined>>;

export interface QueryRequest {
  readonly caller: Caller;
  /** The path after `/v1/`, split at its slashes. */
  readonly path: readonly string[];
  readonly asked: Asked;
  readonly now: Instant;
  /** Absent: GET. */
  readonly method?: 'GET' | 'POST' | 'DELETE' | undefined;
  /** The body of a POST. */
  readonly body?: string | undefined;
}

/** A page of a file; all pages joined are the file. */
export interface FilePage {
  readonly name: string;
  readonly contentType: string;
  readonly text: string;
  /** Where the next page begins; undefined on the last. */
  readonly cursor: string | undefined;
  /** The ids of what could not be read or folded: its rows are missing. Absent: nothing is. */
  readonly missing?: readonly string[];
}

export interface Refused {
  readonly problem: Problem;
}

export type Answered =
  | {
      readonly body: Readonly<Record<string, unknown>>;
      readonly asOf: Instant;
      /** The body's `items` as JSON texts, where they are written already. */
      readonly texts?: readonly string[];
      /** Absent: 200. */
      readonly status?: 202;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly file: FilePage; readonly asOf: Instant }
  | Refused;

export const notFound = (detail: string): Refused => ({ problem: { status: 404, reason: 'notFound', detail } });

export const badRequest = (reason: string, detail: string): Refused => ({ problem: { status: 400, reason, detail } });

/** Refuses an unknown parameter; undefined where all are known. `names` goes with every answer that may refer to persons. */
export const unknownParameter = (
  asked: Asked,
  own: readonly string[],
  besides: readonly string[] = ['names'],
): Refused | undefined => {
  const known = [...own, ...besides];
  const unknown = Object.keys(asked).find((name) => !known.includes(name));
  return unknown === undefined
    ? undefined
    : badRequest('parameterUnknown', `no parameter ${unknown} here; there are ${known.join(', ') || 'none'}`);
};

/** Refuses a value that is not one of the known words; undefined where it is one, or is absent. */
export const unknownWord = (asked: Asked, name: string, words: readonly string[]): Refused | undefined => {
  const word = asked[name];
  return word === undefined || words.includes(word)
    ? undefined
    : badRequest(`${name}Unknown`, `no ${name} ${word}; there are ${words.join(', ')}`);
};

/** The two clocks of an as-of; the first is the default. */
export const clocks: readonly [AsOf['clock'], AsOf['clock']] = ['occurred', 'recorded'];

/** The date and the clock that the request asks for; the date is undefined where it asks for now. */
export const askedDate = ({ asked, now }: QueryRequest): { readonly date: AsOf | undefined } | Refused => {
  if (asked.asOf === undefined) {
    return asked.clock === undefined
      ? { date: undefined }
      : badRequest('clockWithoutAsOf', 'clock is only allowed together with asOf');
  }
  const unknown = unknownWord(asked, 'clock', clocks);
  if (unknown !== undefined) return unknown;
  const at = parseInstant(asked.asOf);
  if (at === undefined) {
    return badRequest('asOfNotAnInstant', `asOf is an instant such as 2026-06-30T00:00:00Z, not ${asked.asOf}`);
  }
  return at > now
    ? badRequest('asOfInTheFuture', 'asOf lies in the future; the table deadlines lists what is due later')
    : { date: { at, clock: clocks.find((clock) => clock === asked.clock) ?? clocks[0] } };
};
