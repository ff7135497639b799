// On which API does a command act: on that of the local instance, or with --url on that of another installation?
// export, receipts and record call it; it reads the token's file, asks the running instance, and may start a local runtime.
import { type JsonObject, type Properties, properties } from '../local/core/json.ts';
import { refuse } from '../local/core/refusal.ts';
import { tokenRequest } from '../local/http/tokens.ts';
import { type Access, accessTo } from './access.ts';
import { madeDataDir } from './commandLine.ts';
import { knownParty } from './connect/knownParty.ts';
import { carriedOut } from './instance.ts';
import { quoted } from './quoted.ts';
import { onTarget } from './target.ts';
import { secretOfFile } from './textOfFile.ts';

/** The flags that name another installation. */
export const elsewhereTexts = ['url', 'token-file'] as const;

const tokenIn = async (flags: Properties): Promise<string> => {
  const token = flags.has('token-file')
    ? await secretOfFile(flags.text('token-file'), '--token-file')
    : (process.env.THROUGHLINE_TOKEN ?? '').trim();
  return /^\S+$/.test(token)
    ? token
    : refuse('Put the token into THROUGHLINE_TOKEN, or into a file: --token-file FILE (- is standard input).');
};

const urlIn = (flags: Properties): string => {
  const url = flags.text('url').replace(/\/$/, '');
  const read = URL.canParse(url) ? new URL(url) : refuse(`--url ${url} is not a URL, such as https://api.example.com.`);
  if (read.username !== '' || read.password !== '' || read.search !== '')
    refuse('--url takes the address alone: a name, a password and a token have no place in arguments.');
  return url;
};

const elsewhere = async (flags: Properties, asWhom: readonly string[]): Promise<Access> => {
  const url = urlIn(flags);
  const local = asWhom.find((name) => flags.has(name));
  if (local !== undefined)
    refuse(`--${local} is for the local instance only: elsewhere the token names the tenant and the person.`);
  return { url, token: await tokenIn(flags) };
};

/** The given flags among the named ones, as they were said. */
export const named = (flags: Properties, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.filter((name) => flags.has(name)).map((name) => [name, flags.text(name)]));

/** Carries out `work` on the API that the flags name. Without --url that is the instance of the data directory. */
export async function onApi(options: {
  readonly flags: Properties;
  /** The flags that say as whom the command acts on the local instance. */
  readonly asWhom: readonly string[];
  readonly dataDir: string;
  /** Whether a runtime that is started for this command first passes on what the work has sent. */
  readonly drains?: boolean;
  readonly work: (access: Access) => Promise<void>;
}): Promise<void> {
  const { flags, asWhom, dataDir, drains = false, work } = options;
  if (flags.has('url')) return await work(await elsewhere(flags, asWhom));
  const stray = elsewhereTexts.find((name) => flags.has(name));
  if (stray !== undefined) refuse(`--${stray} goes with --url: the local instance makes its token itself.`);
  const input = { role: 'vendor', ...named(flags, asWhom) };
  const given = properties(input, 'the command line');
  // A wrong request is refused before an instance starts.
  const { tenant, partner: party } = tokenRequest(given);
  if (party !== undefined)
    await onTarget({ dataDir: madeDataDir(dataDir) }, (site) => knownParty(site, { tenant, party }));
  const access = await carriedOut({
    dataDir: madeDataDir(dataDir),
    command: 'access',
    input,
    async alone(runtime) {
      await work(await accessTo(runtime, given));
      if (drains) await runtime.drained();
      return undefined;
    },
  });
  if (access === undefined) return;
  const answer = properties(access, 'the answer');
  await work({ url: answer.text('url'), token: answer.text('token') });
}

/** The flags that name the same tenant and API again, for a person to copy; a token is not printed. */
export const sameApi = (flags: Properties): string => {
  const said = (names: readonly string[]) =>
    names.flatMap((name) => (flags.has(name) ? [`--${name} ${quoted(flags.text(name))}`] : []));
  return said(flags.has('url') ? elsewhereTexts : ['tenant', 'data']).join(' ');
};
