// What goes into the bundles, and what lies beside them? Schemas without their descriptions, and the document that query answers.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openApi } from '../../../functions/documents/openApi.ts';
import { catalogPage } from '../../../functions/documents/pages/catalogPage.ts';
import { homePage } from '../../../functions/documents/pages/homePage.ts';
import { bundleFunctions } from '../../../infra/build/bundle.ts';
import { withoutDescriptions } from '../../../infra/build/leftOut.ts';
import { fixtures, messages } from '../../support/fixtures.ts';

describe('descriptions of schemas', () => {
  it.each([
    ["z.string().describe('A name.').optional()", 'z.string().optional()'],
    ['z.string().describe("Its party\'s name (or \\"none\\").")', 'z.string()'],
    ["z.string().describe('It\\'s here.').min(1)", 'z.string().min(1)'],
    ["z.object({ a: z.int().describe('One.') }).describe('All.')", 'z.object({ a: z.int() })'],
    ["z.string().describe('One, ' + 'and another.').min(1)", 'z.string().min(1)'],
  ])('are removed from %s', (text, lean) => {
    expect(withoutDescriptions(text)).toBe(lean);
  });

  it('are removed without a change of line numbers', () => {
    const text = "a\n  .describe(\n    'A long one.',\n  )\n  .b()";
    expect(withoutDescriptions(text)).toBe('a\n  \n\n\n  .b()');
  });

  it('stay where they are not plain text, and in calls of other functions', () => {
    for (const text of ['schema.describe(text)', 'schema.describe(`a`)', "described('A name.')"]) {
      expect(withoutDescriptions(text)).toBe(text);
    }
  });
});

describe('the bundles', () => {
  it('hold no descriptions; what the API serves is beside the bundle of query', async () => {
    const { folder } = await bundleFunctions();
    const code = readFileSync(join(folder, 'query', 'index.js'), 'utf8');
    expect(code).toContain('.optional()');
    // What makes JSON Schemas, what only the other build of the packing package loads, and what reads streams of events.
    expect(['json-schema.org', 'worker_threads', ':message-type'].filter((word) => code.includes(word))).toEqual([]);
    expect(code.match(/\.describe\(".{0,80}/g) ?? []).toEqual([]);
    // A text with one other character has two bytes for each, and takes longer to read and to compile.
    for (const bundle of globSync('*/index.js', { cwd: folder })) {
      expect(
        readFileSync(join(folder, bundle)).findIndex((byte) => byte > 0x7f),
        bundle,
      ).toBe(-1);
    }
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')));
    const served = (file: string): string => readFileSync(join(folder, 'query', file), 'utf8');
    expect(JSON.parse(served('openapi.json'))).toEqual(
      JSON.parse(JSON.stringify(openApi({ version, fixtures, messages }))),
    );
    expect(served('docs.html')).toBe(catalogPage({ version, fixtures, besideDocuments: false }));
    expect(served('home.html')).toBe(homePage({ version }));
  }, 60_000);
});
