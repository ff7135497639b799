// What does `npm run send` do? It plays the events of a file over the partner bus of the running instance, as the source's own relay does.
// A person calls it; it reads the file, and has the instance put events on its bus.
import { isAbsolute, resolve } from 'node:path';
import { sources } from '../../events/sources/catalog.ts';
import type { PartnerBus } from '../../events/sources/delivery.ts';
import type { Source } from '../../events/sources/source.ts';
import { sourceNamed } from '../local/connectionRequest.ts';
import { partnerSourcesOf } from '../local/core/dataDirectory.ts';
import { type Properties, properties } from '../local/core/json.ts';
import { refuse } from '../local/core/refusal.ts';
import { command, existingDataDir, readCommandLine, usualDataDir } from './commandLine.ts';
import { sendCommand } from './commandServer.ts';
import { busEventOf } from './connect/busEvent.ts';
import { messagesOfFile } from './connect/messagesFile.ts';

const bussed = sources.filter(({ delivery }) => delivery.way === 'partnerBus').map(({ name }) => name);

const usage = `Usage: npm run send -- SOURCE FILE [--account ID] [--data DIR]
  SOURCE        a source whose messages come over a partner bus: ${bussed.join(', ')}
  FILE          its events: one as JSON, a list, or one a line. An event is what EventBridge shows
                ({ "detail-type", "detail" }), or its detail alone where that tells its type
  --account     the account that sends them, where several are connected
  --data DIR    the data directory of the running instance (${usualDataDir})`;

const busOf = ({ title, delivery }: Source): PartnerBus =>
  delivery.way === 'partnerBus'
    ? delivery
    : refuse(`Messages of ${title} come over HTTP: npm run connect -- --sample ID prints a signed request.`);

/** The partner event source of the account; of the only one that is connected, where none is named. */
function partnerSourceIn(flags: Properties, source: Source, dataDir: string): string {
  const { name, title, accountIs, accountOf } = source;
  const delivery = busOf(source);
  const connected = partnerSourcesOf(dataDir).filter((each) => delivery.accountOfBus(each) !== undefined);
  const account = flags.has('account') ? accountOf(flags.text('account')) : undefined;
  if (account?.ok === false) return refuse(`--account should be the ${accountIs} of ${title}: ${account.expected}.`);
  if (account?.account !== undefined) {
    const wanted = delivery.partnerSourceOf(account.account);
    if (connected.includes(wanted)) return wanted;
    return refuse(
      `No ${accountIs} ${account.account} is connected here: npm run connect -- ${name} --tenant ID --account ${account.account}`,
    );
  }
  const [only, ...others] = connected;
  if (only === undefined)
    return refuse(`No ${accountIs} of ${title} is connected here: npm run connect -- ${name} --tenant ID --account ID`);
  if (others.length === 0) return only;
  const accounts = connected.map((each) => delivery.accountOfBus(each)).join(', ');
  return refuse(`Several are connected: name one with --account, of ${accounts}.`);
}

await command(async () => {
  const { positionals, flags } = readCommandLine({ texts: ['account', 'data', 'stack'], positionals: true, usage });
  const [name = '', file = '', ...others] = positionals;
  if (flags.has('stack')) refuse('--stack: the partner bus of a deployed stack takes events only from its partner.');
  if (name === '' || file === '' || others.length > 0) refuse(`Name a source and one file.\n${usage}`);
  const source = sourceNamed(name);
  const delivery = busOf(source);
  const dataDir = existingDataDir(flags);
  const partnerSource = partnerSourceIn(flags, source, dataDir);
  // All are read before the first is sent, so that a file with a fault sends nothing.
  const events = messagesOfFile(file).map((message) => ({
    place: message.place,
    event: busEventOf(message, delivery),
  }));
  for (const { place, event } of events) {
    const sent = await sendCommand(dataDir, 'partnerEvent', { source: partnerSource, ...event });
    if (sent === undefined) {
      const where = isAbsolute(dataDir) ? dataDir : resolve(dataDir);
      return refuse(`No instance runs on ${where}: npm start starts it.`);
    }
    const answer = properties(sent.answer, place);
    if (answer.has('errorCode')) refuse(`${place}: the bus refuses it: ${answer.text('errorMessage')}`);
  }
  process.stdout.write(`${events.length} ${events.length === 1 ? 'event' : 'events'} sent over ${partnerSource}.\n`);
});
