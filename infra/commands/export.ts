// What does `npm run export` do? It writes a whole table to a file or to standard output; the table may change during the export.
// A person calls it; it reads the read API and writes the file that --out names.
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { properties } from '../local/core/json.ts';
import { refuse } from '../local/core/refusal.ts';
import { tokenRequest } from '../local/http/tokens.ts';
import { command, existingDataDir, readCommandLine, usualDataDir } from './commandLine.ts';
import { type Access, accessTo, exportedTable, exportFormats, exportRequest } from './exportTable.ts';
import { carriedOut } from './instance.ts';

const usage = `Usage: npm run export -- TABLE [--format ${exportFormats.join('|')}] [--partner ID] [--out FILE] (--tenant ID [--data DIR] | --url URL --token TOKEN)
  --format      csv unless given
  --partner     only rows of engagements that this partner leads
  --out FILE    the file to write; without it, standard output
  --tenant      the tenant whose table to read, on the local instance
  --data DIR    the data directory of the instance (${usualDataDir})
  --url, --token   the API of another installation, and a token for it`;

const brokenPipe = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EPIPE';

/** Writes as fast as the target accepts. A file gets its final name only when it is complete. */
async function write(text: AsyncIterable<string>, out: string | undefined): Promise<void> {
  if (out === undefined) {
    // The reader closed the pipe (`| head`): it needs no more rows.
    await pipeline(Readable.from(text), process.stdout, { end: false }).catch((error: unknown) => {
      if (!brokenPipe(error)) throw error;
    });
    return;
  }
  const partial = `${out}.partial`;
  const file = createWriteStream(partial);
  try {
    await pipeline(Readable.from(text), file);
  } catch (error) {
    rmSync(partial, { force: true });
    if (error instanceof Error && 'path' in error) refuse(`--out ${out} can't be written: ${error.message}.`, error);
    throw error;
  }
  renameSync(partial, out);
  process.stderr.write(`wrote ${out} (${file.bytesWritten} bytes)\n`);
}

await command(async () => {
  const { positionals, flags } = readCommandLine({
    texts: ['format', 'partner', 'out', 'tenant', 'data', 'url', 'token'],
    positionals: true,
    usage,
  });
  if (positionals.length > 1) refuse(`Name only one table, not ${positionals.join(' ')}.\n${usage}`);
  const asked = ['format', 'partner'].filter((name) => flags.has(name)).map((name) => [name, flags.text(name)]);
  const request = exportRequest(
    properties({ table: positionals[0] ?? '', ...Object.fromEntries(asked) }, 'the command line'),
  );
  const out = flags.has('out') ? flags.text('out') : undefined;
  const exported = (access: Access): Promise<void> => write(exportedTable(access, request), out);

  if (flags.has('url') !== flags.has('token')) refuse('--url and --token go together.');
  if (flags.has('url')) {
    const url = flags.text('url').replace(/\/$/, '');
    if (flags.has('tenant')) refuse('--tenant is for the local instance only: elsewhere the token names the tenant.');
    if (!URL.canParse(url)) refuse(`--url ${url} is not a URL, such as https://api.example.com.`);
    return await exported({ url, token: flags.text('token') });
  }

  const input = { role: 'vendor', tenant: flags.text('tenant', '') };
  tokenRequest(properties(input, 'export'));
  const access = await carriedOut({
    dataDir: existingDataDir(flags),
    command: 'access',
    input,
    async alone(runtime) {
      await exported(await accessTo(runtime, properties(input, 'export')));
      return undefined;
    },
  });
  if (access === undefined) return;
  const given = properties(access, 'the answer');
  await exported({ url: given.text('url'), token: given.text('token') });
});
