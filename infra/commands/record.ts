// What does `npm run record` do? It records a fact that no system knows, as the person who calls it.
// A person calls it; it sends the fact to the running instance or to another API, and may start a local runtime.
import { randomUUID } from 'node:crypto';
import { isObject, type JsonObject, type Properties } from '../local/core/json.ts';
import { refuse } from '../local/core/refusal.ts';
import type { Access } from './access.ts';
import { command, readCommandLine, usualDataDir } from './commandLine.ts';
import { dataOfWords } from './factFields.ts';
import { elsewhereTexts, named, onApi } from './onApi.ts';
import { postFact } from './postFact.ts';
import { textOfFile } from './textOfFile.ts';

const usage = `Usage: npm run record -- TYPE [--reference NAME | --engagement ID | --campaign ID] [FIELD=VALUE …] [--data JSON | --data @FILE]
                        [--at INSTANT] [--key KEY] [--supersedes EVENT]
                        (--tenant ID [--role vendor|partner] [--partner ID] [--subject NAME] [--data DIR] | --url URL [--token-file FILE])
  TYPE            what is said, such as HandoffOffered; GET /docs lists every type with its fields
  --reference     the engagement, by the reference that people chose for it; --engagement: by its id
  --campaign      the campaign that a handoff from Create to Mobilize is about
  FIELD=VALUE     a field of the type: quantity=5 price.currency=EUR 'expectations=[{"textRef":"wiki:scope/417"}]'
                  an external reference also as partner=SYSTEM/KIND/ID
  --data JSON     all fields as one JSON object; --data @FILE reads it from a file
  --at INSTANT    when it happened, such as 2026-07-11T09:00:00Z; without it: now
  --key KEY       the idempotency key: the same key and data are recorded once. Without it a new one is made and printed
  --supersedes    the event that this one corrects
  --tenant        the tenant of the local instance; --role, --partner, --subject: as whom (vendor)
  --data DIR      the data directory of the instance (${usualDataDir}): whatever begins neither with { nor with @
  --url URL       the API of another installation; its token is in THROUGHLINE_TOKEN or in --token-file FILE (- is standard input)
  Example: npm run record -- HandoffOffered --reference ENG-2026-000417 --tenant acme handoffId=h-417 \\
             fromStage=sell toStage=deliver toOwner=crm:user/42`;

const jsonData = (given: string): JsonObject => {
  const text = given.startsWith('@') ? textOfFile(given.slice(1), '--data') : given;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : refuse('--data is not a JSON object.');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refuse(`--data is not JSON: ${error.message}`, error);
  }
};

/** Of the values of --data: the fact's data, and the data directory. */
const dataFlags = (flags: Properties): { readonly data?: JsonObject; readonly dataDir: string } => {
  const values = flags.texts('data');
  const [fact, ...facts] = values.filter((value) => /^\s*[{@]/.test(value));
  const [directory = usualDataDir, ...directories] = values.filter((value) => !/^\s*[{@]/.test(value));
  if (facts.length > 0 || directories.length > 0)
    refuse('Give --data once for the fields, and once for the data directory.');
  return { dataDir: directory, ...(fact !== undefined && { data: jsonData(fact.trim()) }) };
};

/** The flags that say as whom a fact is recorded on the local instance. */
const asWhom = ['tenant', 'role', 'partner', 'subject'];

await command(async () => {
  const { positionals, flags } = readCommandLine({
    texts: ['reference', 'engagement', 'campaign', 'at', 'key', 'supersedes', ...asWhom, ...elsewhereTexts],
    lists: ['data'],
    positionals: true,
    usage,
  });
  const [type, ...words] = positionals;
  if (type === undefined || type.includes('=')) return refuse(`Name the type first.\n${usage}`);
  const { data, dataDir } = dataFlags(flags);
  if (data !== undefined && words.length > 0) refuse('Give the fields as --data or as FIELD=VALUE, not both.');
  const fact = {
    type,
    ...named(flags, ['reference', 'engagement', 'campaign', 'supersedes']),
    ...(flags.has('at') && { occurredAt: flags.text('at') }),
    data: data ?? dataOfWords(type, words),
  };
  const key = flags.text('key', randomUUID());
  const post = async (access: Access): Promise<void> => {
    const text = await postFact(access, { fact, key });
    const keyed = flags.has('key') ? '' : `  under the key ${key}: said again with --key ${key} it adds nothing\n`;
    process.stdout.write(`${text}\n${keyed}`);
  };
  await onApi({ flags, asWhom, dataDir, drains: true, work: post });
});
