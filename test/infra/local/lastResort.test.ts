// Does an error that nothing caught end only what it belongs to, and does a file that can't be written stop nothing?
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lastResort } from '../../../infra/local/core/lastResort.ts';
import { connectionsWithin, openFilesLimit } from '../../../infra/local/core/openFiles.ts';
import { openOutputFile } from '../../../infra/local/core/outputFile.ts';
import { currentRequest, inRequest, nameOf } from '../../../infra/local/core/requestScope.ts';
import { patientFetch } from '../../../infra/local/http/patientFetch.ts';

let folder = '';
const lines: string[] = [];
const log = (line: string): void => void lines.push(line);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'throughline-'));
  lines.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const coded = (code: string): Error => Object.assign(new Error(`it was ${code}`), { code });

describe('an error that nothing caught', () => {
  const decide = (error: unknown, request?: string): readonly number[] => {
    const ends: number[] = [];
    lastResort({ dataDir: folder, log, end: (code) => void ends.push(code) })(error, request);
    return ends;
  };

  it('of a request is told with the request’s name, and the process goes on', () => {
    expect(decide(new Error('odd'), 'POST /v1/facts')).toEqual([]);
    expect(lines[0]).toContain('POST /v1/facts ended with an error that nothing caught: Error: odd');
  });

  it('of a connection ends only that', () => {
    for (const code of ['ECONNRESET', 'EPIPE']) expect(decide(coded(code))).toEqual([]);
    expect(lines).toEqual([]);
  });

  it('of a full disk ends the process, with what to do', () => {
    expect(decide(coded('ENOSPC'))).toEqual([1]);
    expect(lines[0]).toContain(`The disk of ${folder} is full. Nothing that was acknowledged is lost.`);
  });

  it('that nobody knows ends the process, and says that nothing is lost', () => {
    for (const error of [new TypeError('odd'), 'a word', undefined]) expect(decide(error)).toEqual([1]);
    expect(lines[0]).toContain("Throughline ends, because of an error that it doesn't know: TypeError: odd");
    expect(lines[0]).toContain('Nothing that was acknowledged is lost: start again');
  });

  it('finds the name of its request in all its work, and none outside', async () => {
    const inner = await inRequest('GET /x', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return currentRequest();
    });
    expect([inner, currentRequest()]).toEqual(['GET /x', undefined]);
  });

  it('shows of a request only what a terminal may show, and no query', async () => {
    const names: string[] = [];
    const server = createServer((request, response) => {
      names.push(nameOf(request));
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await fetch(`http://127.0.0.1:${port}/a?token=secret`);
    await new Promise((resolve) => server.close(resolve));
    expect(names).toEqual(['GET /a']);
    expect(nameOf(Object.assign(Object.create(null), { method: 'GET', url: '/\u009b31m\u0007é' }))).toBe('GET /?31m??');
  });
});

describe('the file of what functions print', () => {
  it('that can’t be written is named once, and is written again with the number of lines that are missing', async () => {
    const path = join(folder, 'absent', 'functions.log');
    let now = 0;
    const told = Promise.withResolvers<void>();
    const output = openOutputFile({
      path,
      now: () => now,
      log: (line) => {
        lines.push(line);
        told.resolve();
      },
    });
    output.write('one\n');
    await told.promise;
    output.write('two\n');
    expect(lines).toEqual([expect.stringContaining(`${path} can't be written: ENOENT`)]);
    mkdirSync(join(folder, 'absent'));
    now = 1_000;
    output.write('three\n');
    await output.end();
    expect(readFileSync(path, 'utf8')).toMatch(/^\(2 lines or more are missing here.*\)\nthree\n$/);
    expect(lines).toHaveLength(1);
  });
});

describe('the limit of open files', () => {
  const shown = (soft: string): string =>
    `Limit  Soft Limit  Hard Limit  Units\nMax open files            ${soft}   4096  files\n`;
  it('is read as Linux shows it, and is none where the system shows none', () => {
    expect(openFilesLimit(() => shown('1024'))).toBe(1024);
    expect(openFilesLimit(() => shown('unlimited'))).toBe(Number.POSITIVE_INFINITY);
    expect(
      openFilesLimit(() => {
        throw new Error('no such file');
      }),
    ).toBe(Number.POSITIVE_INFINITY);
  });

  it('that is too low is refused by name; else it bounds the connections', () => {
    expect(() => connectionsWithin(256, 1_000)).toThrow(
      'This process may open 256 files and connections, and Throughline needs 500. Raise the limit (`ulimit -n 4096`) and start again.',
    );
    expect(connectionsWithin(500, 1_000)).toBe(50);
    expect(connectionsWithin(1_024, 1_000)).toBe(312);
    expect(connectionsWithin(Number.POSITIVE_INFINITY, 1_000)).toBe(1_000);
  });
});

describe('our own client', () => {
  const answering = async (statuses: readonly (readonly [number, string?])[]) => {
    let asked = 0;
    const server = createServer((_, response) => {
      const [status, after] = statuses[Math.min(asked, statuses.length - 1)] ?? [500];
      asked += 1;
      response.writeHead(status, after === undefined ? {} : { 'retry-after': after });
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const waits: number[] = [];
    const port = typeof address === 'object' ? address?.port : 0;
    const answer = await patientFetch(`http://127.0.0.1:${port}/`, {}, async (seconds) => void waits.push(seconds));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    return { status: answer.status, waits, asked };
  };

  it('comes again when the answer says when, and takes any other answer', async () => {
    expect(await answering([[503, '1'], [507, '30'], [429, '0'], [200]])).toEqual({
      status: 200,
      waits: [1, 30, 0],
      asked: 4,
    });
    for (const answer of [[503], [503, 'Thu, 01 Jan 2026 00:00:00 GMT'], [503, '3600'], [500, '1'], [404]] as const) {
      expect(await answering([answer])).toEqual({ status: answer[0], waits: [], asked: 1 });
    }
  });

  it('gives up at last, with the answer', async () => {
    expect(await answering([[503, '0']])).toMatchObject({ status: 503, asked: 20 });
  });
});
