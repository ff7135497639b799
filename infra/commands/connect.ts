// What does `npm run connect` do? It connects an account of an outside system to a tenant, and prints where and how to send messages.
// A person calls it; it has the running instance, or the deployed stack, store the connection and its secret.

import { connectionRequest } from '../local/connectionRequest.ts';
import { connectSource } from '../local/connectSource.ts';
import { properties } from '../local/core/json.ts';
import { refuse } from '../local/core/refusal.ts';
import { command, portOf, readCommandLine, stackOf, usualDataDir } from './commandLine.ts';
import { connectInStack } from './connectInStack.ts';
import { connectUsage as usage } from './connectUsage.ts';
import { carriedOut } from './instance.ts';

const parseMapping = (text: string): unknown => {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
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
  // A wrong request is refused before an instance starts.
  const request = connectionRequest(properties(input, 'connect'));
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
