// What does `npm run connect` do? Connects an account of an outside system to a tenant, and prints where and how to send.

import { connectableSources } from '../../functions/intake/connect.ts';
import { connectionRequest, connectSource } from '../local/connectSource.ts';
import { properties } from '../local/core/json.ts';
import { refuse } from '../local/core/refusal.ts';
import { command, portOf, readCommandLine, stackOf, usualDataDir, usualPort } from './commandLine.ts';
import { connectInStack } from './connectInStack.ts';
import { checkConnection } from './connectionCheck.ts';
import { carriedOut } from './instance.ts';

const usage = `Usage: npm run connect -- SOURCE --tenant ID [--account ID] [--currency CODE] [--mapping JSON] [--allow TYPE,…] [--stack NAME | --data DIR] [--port N]
  SOURCE        ${connectableSources.join(', ')}
  --account     the account within it (Salesforce: the org's id)
  --currency    what amounts are in where a message names no currency
  --mapping     how the source's own fields are to be read, as JSON
  --allow       types that it may say beside its source's own: a CloudEvents sender that is a CRM needs
                EngagementOpened,DealClosed
  --stack NAME  a deployed stack, in which it is made; this machine without it
  --data DIR    the data directory of the instance (${usualDataDir})
  --port N      the port that the instance will have, when none runs now (${usualPort})`;

const parseMapping = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    return refuse(`--mapping is not JSON: ${String(error)}`, error);
  }
};

await command(async () => {
  const { positionals, flags } = readCommandLine({
    texts: ['tenant', 'account', 'currency', 'mapping', 'allow', 'stack', 'data', 'port'],
    positionals: true,
    usage,
  });
  const [source = '', ...others] = positionals;
  if (others.length > 0) refuse(`Name one source, and nothing beside it: ${others.join(' ')} is too much.\n${usage}`);
  const input = {
    source,
    tenant: flags.text('tenant', ''),
    account: flags.text('account', ''),
    currency: flags.text('currency', ''),
    ...(flags.has('allow') && { allow: flags.text('allow') }),
    mapping: parseMapping(flags.text('mapping', '{}')),
  };
  // Refused before anything is started.
  const request = connectionRequest(properties(input, 'connect'));
  checkConnection(request);
  const connectHere = (): Promise<unknown> =>
    carriedOut({
      dataDir: flags.text('data', usualDataDir),
      command: 'connect',
      input,
      alone: (runtime) =>
        connectSource({ ...runtime, plan: runtime.plan, url: `http://127.0.0.1:${portOf(flags)}` }, request),
    });
  const connected = flags.has('stack') ? await connectInStack(stackOf(flags), request) : await connectHere();
  process.stdout.write(`${JSON.stringify(connected, null, 2)}\n`);
});
