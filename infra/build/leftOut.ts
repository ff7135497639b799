// What do the bundles hold less of than the packages that they are made of, and what do they load late? What no function runs.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';
import * as z from 'zod';

const Manifest = z.looseObject({ version: z.string() });

const text = String.raw`(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")`;
const description = new RegExp(String.raw`\.describe\(\s*${text}(?:\s*\+\s*${text})*,?\s*\)`, 'g');

/** Source text without the descriptions of its schemas: no function reads them. Line numbers stay the same. */
export const withoutDescriptions = (source: string): string =>
  source.replaceAll(description, (call) => call.replaceAll(/[^\n]/g, ''));

const leanSchemas: Plugin = {
  name: 'lean-schemas',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/](?:events|domain|functions)[\\/][^.]+\.ts$/ }, async ({ path }) => ({
      contents: withoutDescriptions(await readFile(path, 'utf8')),
      loader: 'ts',
    }));
  },
};

/** Lambda gives a function its credentials in the environment. The other providers would be a tenth of each bundle, and wrap most of the SDK. */
const environmentCredentials: Plugin = {
  name: 'environment-credentials',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]credential-provider-node[\\/]dist-es[\\/]index\.js$/ }, ({ path }) => ({
      contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
      resolveDir: dirname(path),
    }));
  },
};

/**
 * The package that packs texts fills tables when it loads, which takes longer than most cold requests need to pack and unpack. Its build for
 * Node also loads the module of worker threads, for calls that no function makes; the sync calls of both builds are the same.
 */
const latePacking: Plugin = {
  name: 'late-packing',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^fflate$/ }, ({ resolveDir }) => ({
      path: 'fflate',
      namespace: 'late-packing',
      pluginData: resolveDir,
    }));
    onLoad({ filter: /.*/, namespace: 'late-packing' }, ({ pluginData }) => ({
      contents: `
        let loaded;
        const fflate = () => (loaded ??= require('./used'));
        export const deflateSync = (...given) => fflate().deflateSync(...given);
        export const inflateSync = (...given) => fflate().inflateSync(...given);
        export const gzipSync = (...given) => fflate().gzipSync(...given);`,
      resolveDir: pluginData,
    }));
    onResolve({ filter: /^\.\/used$/, namespace: 'late-packing' }, ({ resolveDir }) => ({
      path: 'used',
      namespace: 'late-packing-used',
      pluginData: resolveDir,
    }));
    onLoad({ filter: /.*/, namespace: 'late-packing-used' }, ({ pluginData: resolveDir }) => ({
      contents: "export { deflateSync, gzipSync, inflateSync } from 'fflate/browser';",
      resolveDir,
    }));
  },
};

/** JSON Schemas are written at build time, for the documents; the code that makes them would be in each bundle. */
const noJsonSchemas: Plugin = {
  name: 'no-json-schemas',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]core[\\/](?:to-json-schema|json-schema-processors)\.js$/ }, ({ path }) => {
      const names = [...readFileSync(path, 'utf8').matchAll(/^export (?:const|function) (\w+)/gm)].map(
        ([, name]) => name,
      );
      return {
        contents: `
          const none = () => { throw new Error('a bundle makes no JSON Schema'); };
          export { ${[...names, 'process'].map((name) => `none as ${name}`).join(', ')} };`,
      };
    });
  },
};

/** Of a client's manifest only the version is read, for the user agent. */
const leanManifests: Plugin = {
  name: 'lean-manifests',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = Manifest.parse(JSON.parse(await readFile(path, 'utf8')));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

/** No call of a function streams events, and no client looks for other endpoints: nothing reaches these parts of the SDK. */
const unusedCapabilities: Plugin = {
  name: 'unused-capabilities',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]@smithy[\\/]core[\\/]dist-es[\\/]submodules[\\/]event-streams[\\/]index\.js$/ }, () => ({
      contents: `
        const none = () => { throw new Error('a bundle reads no event stream'); };
        export { none as EventStreamSerde, none as eventStreamSerdeProvider };`,
    }));
    onLoad({ filter: /[\\/]@aws-sdk[\\/]endpoint-cache[\\/]dist-es[\\/]index\.js$/ }, () => ({
      contents: `
        const none = () => { throw new Error('a bundle discovers no endpoint'); };
        export class EndpointCache { getEndpoint = none; get = none; set = none; delete = none; has = none; }`,
    }));
  },
};

export const leftOut: Plugin[] = [
  leanSchemas,
  environmentCredentials,
  noJsonSchemas,
  latePacking,
  leanManifests,
  unusedCapabilities,
];
