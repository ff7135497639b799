// What was ever said? The fixture of every version of every event type, by name.
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as z from 'zod';

const folder = new URL('../fixtures/events/', import.meta.url);

/** The fixtures by type and version, such as `OrderPlaced.v1`. */
export const fixtures: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map(
  readdirSync(folder)
    .sort()
    .map((file) => [
      basename(file, '.json'),
      z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))),
    ]),
);
