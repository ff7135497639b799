// What does `npm run erase` do? It clears a person from names, receipts and reasons of failures: first as a dry run.
// A person calls it; it reads the tables of connections, sources, names, receipts and failures, and writes the last three.
import { personReferenceOf } from '../../../events/freeText.ts';
import { createNames as createNamesTable } from '../../../functions/names/names.ts';
import { partitionsOf } from '../../../functions/receipts/receiptPartitions.ts';
import { createSourceRows } from '../../../functions/receipts/sourceRows.ts';
import { refuse } from '../../local/core/refusal.ts';
import { command, readCommandLine, usualDataDir, whereabouts } from '../commandLine.ts';
import { listedConnections } from '../connect/storedConnections.ts';
import { onTarget, type Target } from '../target.ts';
import { eraseFailures } from './eraseFailures.ts';
import { eraseReceipts } from './eraseReceipts.ts';
import { type Erased, erasedLines } from './eraseText.ts';
import { createNames, shortestText } from './quotes.ts';

const usage = `Usage: npm run erase -- REFERENCE --tenant ID [--also TEXT …] [--apply] [--json] [--stack NAME | --data DIR]
  REFERENCE     the person, as facts refer to them, such as crm:user/42; an e-mail address stands also for the reference made of it
  --tenant      the tenant whose names and receipts are looked through
  --also TEXT   what else names the person in messages: an address, a name; may be said several times. The name in the table of
                names is looked for anyway, also where its words stand in fields of their own
  --apply       erases what the dry run shows; nothing brings it back
  --json        what would be erased, or was erased, as JSON
  --stack NAME  a deployed stack; without it, this machine
  --data DIR    the data directory of the instance (${usualDataDir})`;

/** The partitions of the tenant's receipts: of the connections that there are, and of those that were heard once. */
async function receiptPartitions(site: Target, tenantId: string): Promise<readonly string[]> {
  const connected = await listedConnections(site, tenantId);
  const heard = await createSourceRows({ client: site.dynamo, table: site.output('SourcesTable') })(tenantId);
  const ids = [...connected.map(({ connection }) => String(connection)), ...heard.map((row) => row.connectionId)];
  return [...new Set(ids)].sort().flatMap((id) => partitionsOf(tenantId, id));
}

interface Asked {
  readonly tenantId: string;
  readonly reference: string;
  readonly also: readonly string[];
}

async function erasedBy(site: Target, { tenantId, reference, also }: Asked, apply: boolean): Promise<Erased> {
  const { dynamo: client, output } = site;
  const table = createNamesTable({ client, table: output('NamesTable'), random: Math.random });
  const stands = personReferenceOf(tenantId, reference);
  const keys = [...new Set([reference, stands])];
  const known = await table.of(tenantId, keys);
  const others = [...also, ...Object.values(known)];
  const names = createNames({ tenantId, reference, others });
  const receipts = await eraseReceipts({
    ...{ client, table: output('ReceiptsTable'), partitions: await receiptPartitions(site, tenantId), names, apply },
    now: () => new Date().toISOString(),
    progress: (read) => void (read % 1000 === 0 && process.stderr.write(`${read} receipts read\n`)),
  });
  const failures = await eraseFailures({ client, table: output('FailuresTable'), names, apply });
  // Last: until then, the name says what to look for when it is done again after a crash.
  if (apply) for (const key of keys) await table.remove(tenantId, key);
  return { tenantId, reference: stands, applied: apply, names: Object.keys(known).length, ...receipts, failures };
}

await command(async () => {
  const { positionals, flags } = readCommandLine({
    texts: ['tenant', 'stack', 'data'],
    lists: ['also'],
    switches: ['apply', 'json'],
    positionals: true,
    usage,
  });
  const [reference, ...more] = positionals;
  if (reference === undefined || more.length > 0) return refuse(`Name one REFERENCE.\n${usage}`);
  const tenantId = flags.has('tenant') ? flags.text('tenant') : refuse(`Name a --tenant.\n${usage}`);
  const also = flags.has('also') ? flags.texts('also') : [];
  const short = [reference, ...also].find((text) => text.trim().length < shortestText);
  if (short !== undefined) {
    return refuse(
      `"${short}" is too short to look for: messages of others hold it too. Give ${shortestText} characters or more.`,
    );
  }
  const apply = flags.flag('apply');
  await onTarget(whereabouts(flags), async (site) => {
    const erased = await erasedBy(site, { tenantId, reference, also }, apply);
    const lines = flags.flag('json') ? [JSON.stringify(erased, null, 2)] : erasedLines(erased);
    process.stdout.write(`${lines.join('\n')}\n`);
    if (erased.unreadable.length > 0) process.exitCode = 1;
  });
});
