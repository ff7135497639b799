// What does `npm run connect` do? It connects an account of an outside system to a tenant, and shows, changes and tries connections.
// A person calls it; it acts on the running instance, on a data directory, or on the deployed stack.
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { connectionItem } from '../../functions/intake/connect.ts';
import { connectionOf } from '../../functions/intake/connections.ts';
import { secretsIn } from '../../functions/intake/secretParameter.ts';
import { allowedFor, connectionRequest, refuseMapping, rhythmOf, typesIn } from '../local/connectionRequest.ts';
import { type JsonObject, type Properties, properties } from '../local/core/json.ts';
import { refuse } from '../local/core/refusal.ts';
import { command, existingDataDir, readCommandLine, whereabouts } from './commandLine.ts';
import { sendCommand } from './commandServer.ts';
import { connectHere } from './connect/connectHere.ts';
import { remap, rotate, secretParameter, setActive } from './connect/connectionChanges.ts';
import { connectSwitches, connectTexts, type Operation, operationOf } from './connect/connectOperation.ts';
import { connectUsage as usage, usualHoldHours } from './connect/connectUsage.ts';
import { dryRun } from './connect/dryRun.ts';
import { issuedSecret } from './connect/issuedSecret.ts';
import { knownParty } from './connect/knownParty.ts';
import { mappingIn } from './connect/mappingText.ts';
import { signedSample } from './connect/signedSample.ts';
import { type Found, foundConnection, listedConnections } from './connect/storedConnections.ts';
import { onTarget, type Target } from './target.ts';

const textIn = (flags: Properties, name: string): string | undefined =>
  flags.has(name) ? flags.text(name) : undefined;

/** Acts on the connection that the flag of the operation names. */
const onConnection = <T>(flags: Properties, operation: Operation, work: (site: Target, found: Found) => Promise<T>) =>
  onTarget(whereabouts(flags), async (site) =>
    work(site, await foundConnection(site, { id: flags.text(operation), tenant: textIn(flags, 'tenant') })),
  );

const holdHoursIn = (flags: Properties): number => {
  const hours = Number(flags.text('hold', String(usualHoldHours)));
  if (flags.text('hold', '0').trim() !== '' && hours >= 0 && hours <= 24 * 30) return hours;
  return refuse(`--hold ${flags.text('hold')} is no number of hours: from 0 (the secret before ends now) to 720.`);
};

/** What a new connection is asked for, as the running instance takes it. */
const requested = (flags: Properties, source: string): JsonObject => ({
  source,
  tenant: flags.text('tenant', ''),
  account: flags.text('account', ''),
  currency: flags.text('currency', ''),
  ...(flags.has('allow') && { allow: flags.text('allow') }),
  ...(flags.flag('test-data') && { testData: true }),
  ...(flags.has('partner') && { partner: flags.text('partner') }),
  ...(flags.has('rhythm') && { rhythm: flags.text('rhythm') }),
  mapping: mappingIn(flags.text('mapping', '{}')),
});

/** The connection that a dry run reads with: a stored one, with the given mapping in place of its own, or one that is never stored. */
async function tried(flags: Properties, source: string): Promise<Pick<Found, 'source' | 'connection'>> {
  if (!flags.has('connection')) {
    const input = { ...requested(flags, source), tenant: flags.text('tenant', 'dry-run') };
    const request = connectionRequest(properties(input, 'connect'));
    const item = connectionItem(
      { ...request, account: request.account ?? 'c-check' },
      { connection: 'c-check', at: 0 },
    );
    return { source: request.source, connection: connectionOf(unmarshall(item)) };
  }
  const { source: stored, connection: kept } = await onConnection(flags, 'connection', async (_site, found) => found);
  const connection = flags.has('partner') ? { ...kept, partner: flags.text('partner') } : kept;
  const listed = flags.has('allow') ? typesIn(flags.text('allow')) : [];
  const { partner } = connection;
  const allowedTypes =
    partner === undefined
      ? [...connection.allowedTypes, ...listed]
      : [...new Set([...connection.allowedTypes, ...allowedFor(stored, { partner, listed })])];
  const { version } = connection.mapping;
  const mapping = flags.has('mapping')
    ? {
        ...Object.fromEntries(
          properties({ mapping: mappingIn(flags.text('mapping')) }, 'connect')
            .object('mapping')
            .entries(),
        ),
        version,
      }
    : connection.mapping;
  refuseMapping(stored, mapping, allowedTypes);
  return { source: stored, connection: { ...connection, allowedTypes, mapping } };
}

async function printSample(flags: Properties): Promise<void> {
  // The URL of an instance that is started for one command would end with it.
  if (!flags.has('stack') && (await sendCommand(existingDataDir(flags), 'endpoints', {})) === undefined)
    refuse('No instance runs there that could take the request: npm start starts it.');
  const line = await onConnection(flags, 'sample', async (site, { source, connection: { connection } }) => {
    const text = await secretParameter(site, connection);
    const [secret] = text === undefined ? [] : secretsIn(text, new Date().toISOString());
    const url = `${site.output('ApiUrl').replace(/\/$/, '')}/webhooks/${source.name}/${connection}`;
    return secret === undefined ? undefined : signedSample(source, { url, secret });
  });
  process.stdout.write(`${line ?? refuse('Messages of that connection are not signed, or it has no secret yet.')}\n`);
}

const print = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);

/** One field a line, and lists on one line: types are many. */
const printList = (connections: readonly JsonObject[]): void => {
  const shown = connections.map((each) => {
    const fields = Object.entries(each).map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
    return `  {\n${fields.join(',\n')}\n  }`;
  });
  process.stdout.write(shown.length === 0 ? '[]\n' : `[\n${shown.join(',\n')}\n]\n`);
};

async function carryOut(operation: Operation, flags: Properties, source: string): Promise<void> {
  switch (operation) {
    case 'list':
      return printList(await onTarget(whereabouts(flags), (site) => listedConnections(site, textIn(flags, 'tenant'))));
    case 'disable':
    case 'enable':
      return print(
        await onConnection(flags, operation, (site, found) => setActive(site, found, operation === 'enable')),
      );
    case 'rotate': {
      const how = { issued: await issuedSecret(flags), holdHours: holdHoursIn(flags) };
      return print(await onConnection(flags, operation, (site, found) => rotate(site, found, how)));
    }
    case 'sample':
      return await printSample(flags);
    case 'check': {
      const isFine = dryRun(
        flags.text('check'),
        await tried(flags, source),
        (line) => void process.stdout.write(`${line}\n`),
      );
      if (!isFine) process.exitCode = 1;
      return;
    }
    case 'connection': {
      const changes = ['mapping', 'allow', 'partner', 'no-partner', 'rhythm'];
      if (!changes.some((name) => flags.has(name)))
        refuse(`--connection needs --mapping, --allow, --partner, --no-partner or --rhythm.\n${usage}`);
      if (flags.has('partner') && flags.has('no-partner'))
        refuse(`Give --partner or --no-partner, not both.\n${usage}`);
      const mapping = flags.has('mapping') ? mappingIn(flags.text('mapping')) : undefined;
      const party = textIn(flags, 'partner');
      return print(
        await onConnection(flags, operation, async (site, found) => {
          const tenant = found.connection.tenantId;
          const partner = party === undefined ? undefined : await knownParty(site, { tenant, party });
          const change = {
            mapping,
            allow: textIn(flags, 'allow'),
            rhythmHours: textIn(flags, 'rhythm') === 'none' ? null : rhythmOf(textIn(flags, 'rhythm') ?? ''),
          };
          return await remap(site, found, { ...change, partner: flags.flag('no-partner') ? null : partner });
        }),
      );
    }
    case 'make': {
      const secret = await issuedSecret(flags);
      return print(await connectHere(flags, { ...requested(flags, source), ...(secret !== undefined && { secret }) }));
    }
    default:
      return operation satisfies never;
  }
}

await command(async () => {
  const { positionals, flags } = readCommandLine({
    texts: connectTexts,
    switches: connectSwitches,
    positionals: true,
    usage,
  });
  const operation = operationOf(flags, usage);
  const [source = '', ...others] = positionals;
  const takesSource = operation === 'make' || (operation === 'check' && !flags.has('connection'));
  if (others.length > 0) refuse(`Name one source, and nothing beside it: ${others.join(' ')} is too much.\n${usage}`);
  if (source !== '' && !takesSource) refuse(`A source can't be given here: ${source}.\n${usage}`);
  await carryOut(operation, flags, source);
});
