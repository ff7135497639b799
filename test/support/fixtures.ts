// What was ever said? The fixture of every version of every event type, and a message of each source, by name.
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as z from 'zod';

type Fixtures = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

const fixturesIn = (name: string): Fixtures => {
  const folder = new URL(`../fixtures/${name}/`, import.meta.url);
  return new Map(
    readdirSync(folder)
      .sort()
      .map((file) => [
        basename(file, '.json'),
        z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))),
      ]),
  );
};

/** The fixtures by type and version, such as `OrderPlaced.v1`. */
export const fixtures: Fixtures = fixturesIn('events');

/** Of each source that sends over HTTP, a message for each media type. */
export const messages: Fixtures = fixturesIn('messages');
