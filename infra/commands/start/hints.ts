// Which commands may a person copy as they stand? Those that lead further, with this instance's own tenant, directory and port.
import { relative, resolve } from 'node:path';
import { usualDataDir, usualPort } from '../commandLine.ts';
import { quoted } from '../quoted.ts';
import type { ReadFlag } from './tenantReader.ts';

export interface Hinted {
  readonly url: string;
  readonly dataDir: string;
  /** Whether the instance stops now. */
  readonly once: boolean;
  /** A tenant that is there; absent: none is. */
  readonly tenant?: string;
  /** A flag to look at. */
  readonly flag?: Pick<ReadFlag, 'flagId' | 'engagementId'>;
}

/** The tenant of hints where nothing is there yet. */
const anyTenant = 'acme';

/** The directory as a person in this folder names it. */
export const shownDirectory = (dataDir: string): string => {
  const near = relative(process.cwd(), resolve(dataDir)) || '.';
  return near.startsWith('..') ? resolve(dataDir) : near;
};

/** The flags that name this instance, with a space before; none where they are the usual ones. */
const instanceFlags = ({ url, dataDir }: Pick<Hinted, 'url' | 'dataDir'>) => {
  const directory = shownDirectory(dataDir);
  const { port } = new URL(url);
  const data = directory === usualDataDir ? '' : ` --data ${quoted(directory)}`;
  return { data, port: port === String(usualPort) ? '' : ` --port ${port}` };
};

/** The commands, line by line. */
export const hintsOf = (hinted: Hinted): readonly string[] => {
  const { url, once, tenant = anyTenant, flag } = hinted;
  const { data, port } = instanceFlags(hinted);
  const here = `--tenant ${quoted(tenant)}${data}${port}`;
  const ask = (path: string): string => `  curl -H @- "${url}${path}" <<< "authorization: Bearer $TOKEN"`;
  const flags = `${data}${port}`.trimStart();
  return [
    'Look further:',
    ...(once ? [`  npm start${flags === '' ? '' : ` -- ${flags}`}`] : []),
    `  TOKEN=$(npm run --silent token -- --role vendor ${here})`,
    ...(hinted.tenant === undefined
      ? []
      : [
          ask('/v1/flags?status=open'),
          ...(flag === undefined
            ? []
            : [ask(`/v1/flags/${flag.flagId}`), ask(`/v1/engagements/${flag.engagementId}/events`)]),
          ask('/v1/engagements'),
        ]),
    'Send and record:',
    `  npm run connect -- cloudevents --account tools ${here}`,
    `  npm run record -- --help`,
    `In a browser: ${url}/ and ${url}/docs. README.md tells what else there is.`,
  ];
};
