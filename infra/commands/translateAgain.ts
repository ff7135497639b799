// What does `npm run translate-again` do? It has the receipts of a connection read again by today's code and mapping: first as a dry run.
// A person calls it; it reads connections and runs, and sends messages to translate's queue.

import { parseDate, parseInstant } from '../../events/instant.ts';
import { againStatuses } from '../../functions/again/againPage.ts';
import type { Properties } from '../local/core/json.ts';
import { refuse } from '../local/core/refusal.ts';
import { command, readCommandLine, usualDataDir, whereabouts } from './commandLine.ts';
import { connectionsOfAccount, foundConnection } from './connect/storedConnections.ts';
import { onTarget } from './target.ts';
import { type AgainAsked, runAgain } from './translateAgainRun.ts';
import { hasWork, reportLines, reportOf, sumLines } from './translateAgainText.ts';

const usage = `Usage: npm run translate-again -- --connection ID [--status STATUS] [--from TIME] [--to TIME] [--tenant ID] [--apply] [--json] [--stack NAME | --data DIR]
  --connection  the connection whose receipts are read again, by today's code and its mapping as it stands now
  --status      only receipts that are ${againStatuses.join(', ')}
  --from, --to  only what was received from this instant or day on, and before that one
  --tenant      refuses a connection of any other tenant
  --apply       does what the dry run says: adds what is new, and takes back what the messages no longer say
  --json        what would be done, or was done, as JSON
  --stack NAME  a deployed stack; without it, this machine
  --data DIR    the data directory of the instance (${usualDataDir})`;

function instantIn(flags: Properties, name: 'from' | 'to'): string | undefined {
  if (!flags.has(name)) return undefined;
  const text = flags.text(name);
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? parseDate(text) : undefined;
  const instant = day === undefined ? parseInstant(text) : `${day}T00:00:00.000Z`;
  return instant ?? refuse(`--${name} ${text} is no instant or day, such as 2026-11-01T09:00:00Z or 2026-11-01.`);
}

function filtersIn(flags: Properties): Pick<AgainAsked, 'status' | 'from' | 'to'> {
  const [from, to] = [instantIn(flags, 'from'), instantIn(flags, 'to')];
  const status = againStatuses.find((each) => each === flags.text('status', ''));
  if (flags.has('status') && status === undefined) {
    refuse(`--status ${flags.text('status')} is none of ${againStatuses.join(', ')}.`);
  }
  return {
    ...(status !== undefined && { status }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

const print = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

await command(async () => {
  const { flags } = readCommandLine({
    texts: ['connection', 'status', 'from', 'to', 'tenant', 'stack', 'data'],
    switches: ['apply', 'json'],
    usage,
  });
  const id = flags.has('connection') ? flags.text('connection') : refuse(`Name a --connection.\n${usage}`);
  const filters = filtersIn(flags);
  const isJson = flags.flag('json');
  await onTarget(whereabouts(flags), async (site) => {
    const found = await foundConnection(site, { id, tenant: flags.has('tenant') ? flags.text('tenant') : undefined });
    const { tenantId, source, account, mapping } = found.connection;
    const asked = { tenantId, connectionId: id, account: [...(await connectionsOfAccount(site, found))], ...filters };
    let told = 0;
    const progress = (seen: number): void => {
      if (seen > told) process.stderr.write(`${seen} receipts read\n`);
      told = seen;
    };

    const dry = reportOf(await runAgain({ site, asked: { ...asked, apply: false }, progress }));
    if (!isJson) {
      print([`Connection ${id} (${source} ${account}, tenant ${tenantId}), mapping version ${mapping.version}:`, '']);
      print(reportLines(dry));
    }
    const applies = flags.flag('apply') && hasWork(dry);
    const done = applies ? reportOf(await runAgain({ site, asked: { ...asked, apply: true }, progress })) : undefined;
    if (applies) await site.drained?.();
    if (isJson) {
      const about = { connection: id, source, account, tenantId, mappingVersion: mapping.version };
      print([JSON.stringify({ ...about, applied: applies, ...(done ?? dry) }, null, 2)]);
    } else if (done !== undefined) print(['', 'Done:', ...sumLines(done)]);
    else if (!hasWork(dry)) print(['', 'There is nothing to do.']);
    else print(['', 'This was a dry run, and nothing was changed: --apply does it.']);
  });
});
