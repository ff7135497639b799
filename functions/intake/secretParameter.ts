// Which text holds a connection's secrets, and how does a new secret replace an old one without losing a message?
import * as z from 'zod';
import { epochOf, parseInstant } from '../../events/instant.ts';

const Parameter = z.object({
  /** The newest first. */
  secrets: z.array(z.string().min(1)).min(1),
  /** Beside each secret the instant until which it holds; null: until it is replaced. */
  until: z.array(z.string().nullable()).default([]),
});

interface Held {
  readonly secret: string;
  readonly until: string | null;
}

/** A parameter holds `{ "secrets": [ … ], "until": [ … ] }`, or a secret alone. Throws where it is malformed. */
const heldIn = (text: string): readonly Held[] => {
  if (!text.trimStart().startsWith('{')) return [{ secret: text.trim(), until: null }];
  const { secrets, until } = Parameter.parse(JSON.parse(text));
  return secrets.map((secret, index) => ({ secret, until: until[index] ?? null }));
};

const holdsAt = ({ until }: Held, now: string): boolean => {
  const end = until === null ? undefined : parseInstant(until);
  return end === undefined || epochOf(end) > epochOf(now);
};

/** The secrets that hold at an instant. */
export const secretsIn = (text: string, now: string): readonly string[] =>
  heldIn(text)
    .filter((held) => holdsAt(held, now))
    .map(({ secret }) => secret);

const parameterOf = (held: readonly Held[]): string =>
  JSON.stringify({
    secrets: held.map(({ secret }) => secret),
    ...(held.some(({ until }) => until !== null) && { until: held.map(({ until }) => until) }),
  });

/** The parameter of a connection's first secret. */
export const firstSecret = (secret: string): string => parameterOf([{ secret, until: null }]);

/**
 * The parameter in which `secret` is the newest. The secrets before it hold until `until`, or shorter if that was said
 * before. `text` is undefined where there was none.
 */
export const replacedSecret = (
  text: string | undefined,
  { secret, now, until }: { readonly secret: string; readonly now: string; readonly until: string },
): string => {
  const before = text === undefined ? [] : heldIn(text);
  const ending = before
    .filter((held) => held.secret !== secret && holdsAt(held, now))
    .map((held) => ({ ...held, until: held.until !== null && held.until < until ? held.until : until }))
    .filter((held) => holdsAt(held, now));
  return parameterOf([{ secret, until: null }, ...ending]);
};
