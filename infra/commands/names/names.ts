// What does `npm run names` do? It says and shows who the persons are to whom facts refer.
// A person calls it; it sends names to the running instance or to another API, or reads them there.
import { parse } from 'csv-parse/sync';
import { type JsonObject, properties } from '../../local/core/json.ts';
import { Refusal, refuse } from '../../local/core/refusal.ts';
import { patientFetch } from '../../local/http/patientFetch.ts';
import { type Access, reasonOf } from '../access.ts';
import { command, readCommandLine, usualDataDir } from '../commandLine.ts';
import { onApi } from '../onApi.ts';
import { printable } from '../printable.ts';
import { textOfFile } from '../textOfFile.ts';

const usage = `Usage: npm run names -- [REFERENCE=NAME …] [--file FILE] [--remove REFERENCE …]
                       (--tenant ID [--data DIR] | --url URL [--token-file FILE])
  REFERENCE=NAME  who a person is to whom facts refer: "crm:user/42=Anna Schmidt". An e-mail address as the reference stands for
                  the one that facts hold for it
  --file FILE     a CSV of reference and name, with or without a line of headings
  --remove        takes a name away; npm run erase also clears the person from receipts
  Without any of these, the names are listed.
  --tenant        the tenant of the local instance
  --data DIR      the data directory of the instance (${usualDataDir})
  --url URL       the API of another installation; the token of one of its own people is in THROUGHLINE_TOKEN or in --token-file FILE`;

type Names = Readonly<Record<string, string | null>>;

const wordOf = (word: string): readonly [string, string] => {
  // A reference may hold the sign itself; a name never does.
  const sign = word.lastIndexOf('=');
  const [reference, name] = [word.slice(0, sign).trim(), word.slice(sign + 1).trim()];
  return sign > 0 && reference !== '' && name !== '' ? [reference, name] : refuse(`${word} is no REFERENCE=NAME.`);
};

const rowsOf = (file: string): readonly (readonly [string, string])[] => {
  const rows: readonly (readonly string[])[] = parse(textOfFile(file, '--file'), {
    bom: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
  });
  const [first] = rows;
  const named = first?.[0]?.toLowerCase() === 'reference' ? rows.slice(1) : rows;
  return named.map(([reference = '', name = '', ...rest], index) =>
    reference !== '' && name !== '' && rest.length === 0
      ? [reference, name]
      : refuse(`--file ${file}: line ${index + 1} of the names does not hold a reference and a name.`),
  );
};

async function asked({ url, token }: Access, path: string, body?: JsonObject): Promise<JsonObject> {
  const answer = await patientFetch(`${url}/v1/names${path}`, {
    method: body === undefined ? 'GET' : 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((error: unknown) => refuse(`${url} could not be reached: ${reasonOf(error)}`, error));
  const said = properties(await answer.json(), 'the answer');
  if (answer.ok) return Object.fromEntries(said.entries());
  const issues = said.objects('issues').map((issue) => `  ${issue.text('path', '')}: ${issue.text('message')}`);
  throw new Refusal([`Refused (${answer.status}): ${said.text('detail', said.text('message', ''))}`, ...issues]);
}

const atOnce = 100;

async function put(access: Access, names: Names): Promise<void> {
  const all = Object.entries(names);
  const done = { named: 0, removed: 0 };
  for (let start = 0; start < all.length; start += atOnce) {
    const said = properties(
      await asked(access, '', { names: Object.fromEntries(all.slice(start, start + atOnce)) }),
      'the answer',
    );
    done.named += said.texts('named').length;
    done.removed += said.texts('removed').length;
  }
  process.stdout.write(`${done.named} names stand now, ${done.removed} were removed.\n`);
}

async function list(access: Access): Promise<void> {
  let cursor = '';
  do {
    const page = properties(await asked(access, `?limit=1000${cursor}`), 'the answer');
    for (const named of page.objects('items')) {
      process.stdout.write(`${printable(named.text('reference'))}  ${printable(named.text('name'))}\n`);
    }
    cursor = page.has('cursor') ? `&cursor=${encodeURIComponent(page.text('cursor'))}` : '';
  } while (cursor !== '');
}

await command(async () => {
  const { positionals, flags } = readCommandLine({
    texts: ['file', 'tenant', 'data', 'url', 'token-file'],
    lists: ['remove'],
    positionals: true,
    usage,
  });
  const names: Names = Object.fromEntries([
    ...(flags.has('file') ? rowsOf(flags.text('file')) : []),
    ...positionals.map(wordOf),
    ...(flags.has('remove') ? flags.texts('remove') : []).map((reference) => [reference, null] as const),
  ]);
  const work = (access: Access): Promise<void> => (Object.keys(names).length === 0 ? list(access) : put(access, names));
  await onApi({ flags, asWhom: ['tenant'], dataDir: flags.text('data', usualDataDir), work });
});
