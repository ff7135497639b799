// How is a connection made on this machine or in a stack, and what does its owner do next?
// `npm run connect` calls it; the running instance or the stack stores the connection and its secret.
import type { Connected, ConnectionRequest } from '../../../functions/intake/connect.ts';
import { connectionRequest } from '../../local/connectionRequest.ts';
import { connectSource } from '../../local/connectSource.ts';
import { type JsonObject, type Properties, properties } from '../../local/core/json.ts';
import { existingDataDir, portOf, stackOf, whereabouts } from '../commandLine.ts';
import { carriedOut } from '../instance.ts';
import { quoted } from '../quoted.ts';
import { onTarget } from '../target.ts';
import { connectInStack } from './connectInStack.ts';
import { knownParty } from './knownParty.ts';
import { signedSample } from './signedSample.ts';

/** The flags that lead a further command to the same place. */
const whereIn = (flags: Properties): string =>
  ['stack', 'data'].flatMap((name) => (flags.has(name) ? [` --${name} ${quoted(flags.text(name))}`] : [])).join('');

/** What a sender, or a person at the source, does now. */
function nextSteps(
  { source, secret: issued, account }: ConnectionRequest,
  made: Properties,
  flags: Properties,
): string {
  const { delivery, name } = source;
  const id = made.text('connection');
  if (delivery.way === 'partnerBus') {
    const play = `npm run send -- ${name} FILE --account ${account}${whereIn(flags)}`;
    return flags.has('stack') ? '' : `To play events over its bus here: ${play}\n`;
  }
  const secret = issued ?? made.text('secret', '');
  const line = secret === '' ? undefined : signedSample(source, { url: made.text('url'), secret });
  return [
    ...(delivery.issuesSecret !== undefined && issued === undefined
      ? [
          `${delivery.issuesSecret} Then: npm run connect -- --rotate ${id} --hold 0 --secret-file FILE${whereIn(flags)}`,
        ]
      : []),
    ...(line === undefined
      ? []
      : [`To try it, within 5 minutes (npm run connect -- --sample ${id}${whereIn(flags)} prints a new one):`, line]),
    '',
  ].join('\n');
}

/** The request with the id of the partner that it names; refuses a partner that is not known. */
async function withPartner(flags: Properties, input: JsonObject): Promise<JsonObject> {
  const { partner, tenant } = connectionRequest(properties(input, 'connect'));
  if (partner === undefined) return input;
  return {
    ...input,
    partner: await onTarget(whereabouts(flags), (site) => knownParty(site, { tenant, party: partner })),
  };
}

/** Makes the connection; prints on standard error what comes next. */
export async function connectHere(flags: Properties, asked: JsonObject): Promise<unknown> {
  // A wrong request is refused before an instance starts.
  const input = await withPartner(flags, asked);
  const request = connectionRequest(properties(input, 'connect'));
  const stored = (): Promise<unknown> =>
    carriedOut<Connected>({
      dataDir: existingDataDir(flags),
      command: 'connect',
      input,
      alone: (runtime) =>
        connectSource({ ...runtime, plan: runtime.plan, url: `http://127.0.0.1:${portOf(flags)}` }, request),
    });
  const made = flags.has('stack') ? await connectInStack(stackOf(flags), request) : await stored();
  process.stderr.write(nextSteps(request, properties(made, 'connected'), flags));
  return made;
}
