// Which of our own lines does an error's stack name? Bundles are minified, so the map beside a bundle tells.
// middleware.ts calls it once in each process; a map is read when the first stack is asked for, so that starts don't pay for it.
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join } from 'node:path';

const mapsOf = new Map<string, SourceMap | undefined>();

const readMap = (file: string): SourceMap | undefined => {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
  } catch {
    return undefined;
  }
};

const mapOf = (file: string): SourceMap | undefined => {
  if (!mapsOf.has(file)) mapsOf.set(file, readMap(file));
  return mapsOf.get(file);
};

/** One line of a stack, with the place in the source where a map knows it. */
const lineOf = (site: NodeJS.CallSite): string => {
  const [file, line, column] = [site.getFileName(), site.getLineNumber(), site.getColumnNumber()];
  const told = String(site);
  if (file == null || line === null || column === null) return told;
  const origin = mapOf(file)?.findOrigin(line, column);
  if (origin === undefined || !('fileName' in origin)) return told;
  const source = origin.fileName.replace(/^(\.\.\/)+/, '');
  return told.replace(`${file}:${line}:${column}`, `${source}:${origin.lineNumber}:${origin.columnNumber}`);
};

/**
 * From now on the stacks of this process name files and lines of the sources, where a map lies beside the file that runs. It does
 * nothing outside a bundle. Node's own --enable-source-maps reads all maps as files are loaded: a third of a start.
 */
export const mapStacks = (): void => {
  if (!existsSync(join(import.meta.dirname, 'index.js.map'))) return;
  Error.prepareStackTrace = (error, sites) =>
    [Error.prototype.toString.call(error), ...sites.map((site) => `    at ${lineOf(site)}`)].join('\n');
};
