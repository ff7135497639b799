// Does every line stand in its room? The doorman: import walls, one name in four rooms, fixtures of every event, house rules of files.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { controlOwns, handoffTypes, lifecycle } from '../domain/lifecycle.ts';
import { definitionOf, eventTypes } from '../events/catalog.ts';
import { sources as systemSources } from '../events/sources/catalog.ts';
import type { Wall } from './support/wallOf.ts';
import { foldersOfOneKind, walls } from './support/walls.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const rooms = ['events', 'domain', 'functions', 'infra', 'test'];

const filesUnder = (room: string): readonly string[] =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(room, file));

interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s+'([^']+)'|(?:^|\n)\s*import\s+'([^']+)'|\bimport\('([^']+)'\)/g;

const sources: readonly Source[] = rooms.flatMap(filesUnder).map((path) => {
  const text = readFileSync(join(root, path), 'utf8');
  const imports = [...text.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
  return {
    path,
    text,
    imports: imports.map((name) => (name.startsWith('.') ? relative('.', normalize(join(dirname(path), name))) : name)),
  };
});

const folderOf = (path: string): string => `${dirname(path)}/`;

const isAllowed = ({ ours, packages }: Wall, name: string): boolean =>
  rooms.some((room) => name.startsWith(`${room}/`))
    ? ours.includes(name) || ours.includes(folderOf(name))
    : packages.some((allowed) => (/[/:]$/.test(allowed) ? name.startsWith(allowed) : name === allowed));

test('imports keep to the walls between the folders', () => {
  const crossed = sources
    .filter(({ path }) => !path.startsWith('test/'))
    .flatMap(({ path, imports }) => {
      const wall = walls.find(({ folder }) => folder === folderOf(path));
      if (wall === undefined) return [`${folderOf(path)} has no line in test/support/walls.ts`];
      return imports.filter((name) => !isAllowed(wall, name)).map((name) => `${path} imports ${name}`);
    });
  expect(crossed).toEqual([]);
});

test('every wall allows only what its folder needs', () => {
  const unused = walls.flatMap((wall) => {
    const imports = sources.filter(({ path }) => folderOf(path) === wall.folder).flatMap((source) => source.imports);
    return wall.ours
      .filter((allowed) => allowed.endsWith('.ts') && !folderOf(allowed).startsWith('domain/'))
      .filter((allowed) => !imports.includes(allowed))
      .map((allowed) => `${wall.folder} no longer imports ${allowed}`);
  });
  expect(unused).toEqual([]);
});

test('no files import each other in a circle, types included', () => {
  const importsOf = new Map(sources.map(({ path, imports }) => [path, imports]));
  const finished = new Set<string>();
  const circles: string[] = [];
  const follow = (path: string, way: readonly string[]): void => {
    const met = way.indexOf(path);
    if (met >= 0) circles.push([...way.slice(met), path].join(' > '));
    if (met >= 0 || finished.has(path)) return;
    for (const next of importsOf.get(path) ?? []) follow(next, [...way, path]);
    finished.add(path);
  };
  for (const { path } of sources) follow(path, []);
  expect(circles).toEqual([]);
});

test('no folder holds more than 30 code files, but those of one kind', () => {
  const counts = Map.groupBy(sources, ({ path }) => folderOf(path));
  const crowded = [...counts].filter(([folder, files]) => files.length > 30 && !foldersOfOneKind.includes(folder));
  expect(crowded.map(([folder, files]) => `${folder} holds ${files.length} files`)).toEqual([]);
});

test('the domain is pure: no clock, no randomness, no waiting', () => {
  const impure = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\basync\b|\bawait\b|\bprocess\.|\bPromise\b/;
  expect(
    sources.filter(({ path, text }) => path.startsWith('domain/') && impure.test(text)).map(({ path }) => path),
  ).toEqual([]);
});

test('no file imports zod by name: bundles would grow fivefold', () => {
  expect(
    sources
      .filter(({ path, text }) => !path.startsWith('test/') && /import \{[^}]*\bz\b[^}]*\} from 'zod'/.test(text))
      .map(({ path }) => path),
  ).toEqual([]);
});

test('no function imports node:zlib: a thread that is ended while it packs takes its process with it', () => {
  const packing = sources.filter(({ path, imports }) => path.startsWith('functions/') && imports.includes('node:zlib'));
  expect(packing.map(({ path }) => path)).toEqual([]);
});

describe('one name, four rooms', () => {
  for (const { stage } of lifecycle) {
    test(stage, () => {
      const needed = [
        `events/${stage}.ts`,
        `domain/stages/${stage}.ts`,
        `functions/${stage}.ts`,
        `test/domain/${stage}.test.ts`,
      ];
      expect(needed.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    });
  }
});

test('every event type has a fixture of every version ever shipped', () => {
  const needed = eventTypes.flatMap((type) =>
    Array.from(
      { length: definitionOf(type)?.version ?? 0 },
      (_, index) => `test/fixtures/events/${type}.v${index + 1}.json`,
    ),
  );
  expect(needed.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('every fact has exactly one owner', () => {
  const owned = [...lifecycle.flatMap(({ owns }) => owns), ...controlOwns, ...handoffTypes].sort();
  expect(owned).toEqual(eventTypes.filter((type) => type !== 'StageEntered').sort());
});

test('a file opens with the question that it answers, has no default export and stays within 250 lines', () => {
  const offending = sources
    .filter(({ path }) => !path.startsWith('test/fixtures/'))
    .flatMap(({ path, text }) => [
      ...(/^(#!.*\n)?\/\/ \S/.test(text) ? [] : [`${path} has no opening sentence`]),
      ...(/\nexport default /.test(text) ? [`${path} has a default export`] : []),
      ...(text.split('\n').length > 251 ? [`${path} is longer than 250 lines`] : []),
    ]);
  expect(offending).toEqual([]);
});

test('a source is named in its own files alone: what stands elsewhere derives from the catalog', () => {
  const named = new RegExp(`(['"\`])(?:${systemSources.map(({ name }) => name).join('|')})\\1`);
  // The sample plays senders of certain sources, and AsyncAPI tells what a sender of CloudEvents sends, type by type.
  const may = /^(?:test|events\/sources|infra\/sample)\/|^functions\/documents\/asyncApi\w*\.ts$/;
  expect(sources.filter(({ path, text }) => !may.test(path) && named.test(text)).map(({ path }) => path)).toEqual([]);
});

test('a test file runs alone in its process if it replaces modules, loads them anew or counts what is compiled', () => {
  const needsOwnProcess = /\bvi\.(mock|doMock|unmock|resetModules)\(|\/support\/operations\.ts'/;
  const tests = sources.filter(({ path }) => path.endsWith('.test.ts'));
  const isAlone = (path: string): boolean => path.endsWith('.alone.test.ts');
  expect(
    tests.filter(({ path, text }) => isAlone(path) !== needsOwnProcess.test(text)).map(({ path }) => path),
  ).toEqual([]);
});

test('no file is named for nothing', () => {
  const empty = /(^|\/)(utils?|helpers?|common|shared|types|managers?|services?)\.ts$/;
  expect(sources.filter(({ path }) => empty.test(path)).map(({ path }) => path)).toEqual([]);
});

test('code has no holes in its types and nothing left undone', () => {
  const holes =
    /\bas any\b|: any(\[\])?\s*[;,)=>|&]|<any>|@ts-(ignore|expect-error|nocheck)|biome-ignore|\b(TODO|FIXME|XXX|HACK)\b/;
  const self = relative(root, fileURLToPath(import.meta.url));
  expect(sources.filter(({ path, text }) => path !== self && holes.test(text)).map(({ path }) => path)).toEqual([]);
});
