// What does a start say about a damaged, forbidden or emptied file of its data directory, and is that file left as it is?
import { chmodSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clockAhead } from '../../../infra/local/core/clock.ts';
import { addPartnerSource, dataFiles, partnerSourcesOf } from '../../../infra/local/core/dataDirectory.ts';
import { moveClock } from '../../../infra/local/core/directoryClock.ts';
import { Refusal } from '../../../infra/local/core/refusal.ts';
import { storageFault } from '../../../infra/local/core/storageFault.ts';
import { startRuntime } from '../../../infra/local/runtime.ts';
import type { Assembly } from '../../../infra/local/template/synthesize.ts';
import { readMark } from '../../../infra/sample/progressMark.ts';
import { assemble, queue, table, temporaryFolder } from '../../support/localTemplate.ts';

// Real processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let temporary: ReturnType<typeof temporaryFolder>;
let dataDir = '';
let template: Assembly;

/** A data directory in which a thing and a message stand, as a stopped runtime leaves it. */
beforeEach(async () => {
  temporary = temporaryFolder();
  dataDir = join(temporary.folder, 'data');
  template = await assemble(temporary.folder, { Things: table('things'), Work: queue('work') });
  const runtime = await startRuntime({ dataDir, template });
  await runtime.engine.call('PutItem', { TableName: 'things', Item: { id: { S: 'kept' } } });
  runtime.queueStore.sendAll([{ queue: 'work', body: 'x'.repeat(50_000) }]);
  addPartnerSource(dataDir, 'aws.partner/example.com/1');
  const clock = clockAhead(0);
  moveClock(dataDir, clock, clock.now() + 60_000);
  await runtime.stop();
});
afterEach(() => temporary.remove());

const fileOf = {
  'queues.sqlite': () => dataFiles.queues(dataDir),
  'tables.sqlite': () => join(dataDir, 'tables.sqlite'),
  'issuer.jwk.json': () => join(dataDir, 'issuer.jwk.json'),
  'partnerSources.json': () => dataFiles.partnerSources(dataDir),
  'access.key': () => dataFiles.accessKey(dataDir),
  'clock.json': () => dataFiles.clock(dataDir),
  lock: () => join(dataDir, 'lock'),
} as const;
type File = keyof typeof fileOf;

const noise = Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 197 + 13) % 256));
const damages = {
  'full of noise': (path: string) => writeFileSync(path, noise),
  truncated: (path: string) => truncateSync(path, Math.floor(readFileSync(path).length * 0.6)),
  emptied: (path: string) => truncateSync(path, 0),
} as const;
type Damage = keyof typeof damages;

/** What a start would say; undefined where it starts. */
const refusal = async (): Promise<string | undefined> => {
  try {
    // A start with the app's own template reads them.
    partnerSourcesOf(dataDir);
    await (await startRuntime({ dataDir, template })).stop();
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.reasons.join('\n');
  }
};

const mends: Readonly<Record<File, string>> = {
  'queues.sqlite': 'Put a copy of the whole data directory in its place. Or move this file away and start again',
  'tables.sqlite': 'Put a copy of the whole data directory in its place, or start on another directory',
  'issuer.jwk.json': 'Delete it and start again, then make new tokens',
  'partnerSources.json': 'Delete it and start again, then connect each source',
  'access.key': 'Delete it and start again: a new one is made',
  'clock.json': 'Delete it and start with --clock, at or after the time that was recorded last',
  lock: 'Delete it while no instance runs on this directory.',
};

const rows = (Object.keys(fileOf) as File[])
  .filter((file) => file !== 'lock')
  .flatMap((file) => (Object.keys(damages) as Damage[]).map((damage) => [file, damage] as const));

describe('a damaged file', () => {
  it.each([...rows, ['lock', 'full of noise'] as const])(
    '%s that is %s is named, with what to do',
    async (file, damage) => {
      const path = fileOf[file]();
      damages[damage](path);
      const left = readFileSync(path);
      const told = await refusal();
      expect(told).toContain(`${path} is damaged, and was left as it is.`);
      expect(told).toContain(mends[file]);
      expect(readFileSync(path).equals(left)).toBe(true);
    },
  );

  it.each(['{', '{}', ''])('sample.json that holds "%s" is named, with what to do', (text) => {
    const path = join(dataDir, 'sample.json');
    writeFileSync(path, text);
    expect(() => readMark(dataDir)).toThrow(
      `${path} is damaged, and was left as it is. It says how far the sample was played.`,
    );
  });

  it('that only notes what ran, or is made again, is no reason not to start', async () => {
    for (const note of [dataFiles.engineNote(dataDir), dataFiles.control(dataDir), dataFiles.credentials(dataDir)])
      writeFileSync(note, noise);
    expect(await refusal()).toBeUndefined();
  });

  it('starts again after the queues’ file was moved away, as the message says', async () => {
    damages.truncated(dataFiles.queues(dataDir));
    rmSync(dataFiles.queues(dataDir));
    const runtime = await startRuntime({ dataDir, template });
    const { Item } = await runtime.engine.call('GetItem', { TableName: 'things', Key: { id: { S: 'kept' } } });
    await runtime.stop();
    expect(Item).toBeDefined();
  });
});

describe('a first start', () => {
  it('that was interrupted before its queues’ file was made starts again', async () => {
    rmSync(dataDir, { recursive: true });
    const folder = join(dataDir, 'new');
    dataDir = folder;
    expect(await refusal()).toBeUndefined();
    rmSync(dataFiles.queues(folder));
    writeFileSync(`${dataFiles.queues(folder)}.1.new`, 'half');
    truncateSync(join(folder, 'tables.sqlite'), 0);
    expect(await refusal()).toBeUndefined();
    expect(existsSync(dataFiles.queues(folder))).toBe(true);
  });
});

/** An error as Node or SQLite throws it. */
const errorWith = (more: object): Error => Object.assign(new Error('it failed'), more);

describe('an error of the system', () => {
  it.each([
    ['ENOSPC', errorWith({ code: 'ENOSPC' }), 'is full. Nothing that was acknowledged is lost. Make room'],
    ['EDQUOT', errorWith({ code: 'EDQUOT' }), 'is full.'],
    ['SQLITE_FULL', errorWith({ code: 'ERR_SQLITE_ERROR', errcode: 13 }), 'is full.'],
    ['the engine’s word', new Error('commit failed (backend: database or disk is full)'), 'is full.'],
    ['EROFS', errorWith({ code: 'EROFS' }), 'can be read, but not written. Mount its disk for writing'],
    ['SQLITE_READONLY_DIRECTORY', errorWith({ errcode: 8 | (6 << 8) }), 'can be read, but not written.'],
    ['EACCES', errorWith({ code: 'EACCES' }), 'can’t be opened by this user.'.replace('’', "'")],
    ['EMFILE', errorWith({ code: 'EMFILE' }), 'Raise the limit (`ulimit -n 4096`)'],
    ['the cause of another error', new Error('outer', { cause: errorWith({ code: 'EMFILE' }) }), 'Raise the limit'],
    ['EIO', errorWith({ code: 'EIO' }), 'failed to read or write. Check the disk'],
  ])('%s is said in one line, with what to do', (_name, error, told) => {
    chmodSync(dataDir, 0o700);
    const said = storageFault(error, { path: dataDir });
    expect(said).toContain(told);
    expect(said).not.toContain('\n');
  });

  it('that is none of these is not explained away', () => {
    expect(storageFault(new TypeError('x is not a function'), { path: dataDir })).toBeUndefined();
    expect(storageFault('a word', { path: dataDir })).toBeUndefined();
  });
});
