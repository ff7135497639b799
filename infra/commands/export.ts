// What does `npm run export` do? It writes a whole table, or each of them, to files or to standard output; they may change during the export.
// A person calls it; it reads the read API and writes the files that --out names.
import { createWriteStream, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Properties, properties } from '../local/core/json.ts';
import { refuse } from '../local/core/refusal.ts';
import type { Access } from './access.ts';
import { command, readCommandLine, usualDataDir } from './commandLine.ts';
import { type ExportRequest, exportedTable, exportFormats, exportRequest, tablesOf } from './exportTable.ts';
import { elsewhereTexts, onApi } from './onApi.ts';

const usage = `Usage: npm run export -- TABLE [--format ${exportFormats.join('|')}] [--excel] [--partner ID] [--out FILE]
                       (--tenant ID [--data DIR] | --url URL [--token-file FILE])
       npm run export -- --all --out DIR …
  --all         every table, one file each in the folder that --out names
  --format      csv unless given
  --excel       a CSV for Excel: a byte order mark, and ids as text
  --partner     only rows of engagements that this partner leads: its party id, code or external id
  --out FILE    the file to write; without it, standard output
  --tenant      the tenant whose table to read, on the local instance
  --data DIR    the data directory of the instance (${usualDataDir})
  --url URL     the API of another installation; its token is in THROUGHLINE_TOKEN or in --token-file FILE (- is standard
                input), and never an argument: every user of a machine sees those`;

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

/** Each table into a file of its name, one after another. */
async function writeAll(access: Access, request: Omit<ExportRequest, 'table'>, folder: string): Promise<void> {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    refuse(`--out ${folder} can't be made: ${error instanceof Error ? error.message : String(error)}.`, error);
  }
  for (const table of await tablesOf(access)) {
    await write(exportedTable(access, { ...request, table }), join(folder, `${table}.${request.format}`));
  }
}

/** What to write, and where to. */
function exportAsked(): { readonly flags: Properties; readonly exported: (access: Access) => Promise<void> } {
  const { positionals, flags } = readCommandLine({
    texts: ['format', 'partner', 'out', 'tenant', 'data', ...elsewhereTexts],
    switches: ['all', 'excel'],
    positionals: true,
    usage,
  });
  const all = flags.flag('all');
  if (all && positionals.length > 0) refuse(`--all means every table: leave ${positionals.join(' ')} out.`);
  if (positionals.length > 1) refuse(`Name only one table, not ${positionals.join(' ')}.\n${usage}`);
  if (all && !flags.has('out')) refuse('--all needs --out DIR, the folder for the files.');
  const out = flags.has('out') ? flags.text('out') : undefined;
  const said = ['format', 'partner', 'excel'].filter((name) => flags.has(name)).map((name) => [name, flags.raw(name)]);
  const table = all ? 'all' : (positionals[0] ?? '');
  const request = exportRequest(properties({ table, ...Object.fromEntries(said) }, 'the command line'));
  return {
    flags,
    exported: (access) =>
      all ? writeAll(access, request, flags.text('out')) : write(exportedTable(access, request), out),
  };
}

await command(async () => {
  const { flags, exported } = exportAsked();
  await onApi({ flags, asWhom: ['tenant'], dataDir: flags.text('data', usualDataDir), work: exported });
});
