// What does `npm run token` do? It makes a token of the local issuer for the person that the flags describe, and prints only the token.
// A person calls it; it asks the running instance, or reads the issuer's key in the data directory.
import { directoryClock } from '../local/core/directoryClock.ts';
import { properties } from '../local/core/json.ts';
import { openIssuer } from '../local/http/issuer.ts';
import { mintToken, tokenRequest } from '../local/http/tokens.ts';
import { command, existingDataDir, portOf, readCommandLine, usualDataDir, usualPort } from './commandLine.ts';
import { sendCommand } from './commandServer.ts';
import { knownParty } from './connect/knownParty.ts';
import { onTarget } from './target.ts';

const usage = `Usage: npm run token -- --role vendor|partner --tenant ID [--partner ID] [--subject NAME] [--data DIR] [--port N]
  --partner     the partner, for a token of role partner: its party id, code (NORTHWIND) or external id (system/kind/id); it must be known
  --subject     the person's name in what they record
  --data DIR    the data directory of the instance (${usualDataDir})
  --port N      the port that the instance will have, when none runs now (${usualPort})`;

await command(async () => {
  const { flags } = readCommandLine({ texts: ['role', 'tenant', 'partner', 'subject', 'data', 'port'], usage });
  const input = Object.fromEntries(
    ['role', 'tenant', 'partner', 'subject'].filter((name) => flags.has(name)).map((name) => [name, flags.text(name)]),
  );
  const request = tokenRequest(properties(input, 'token'));
  const dataDir = existingDataDir(flags);
  const { tenant, partner: party } = request;
  if (party !== undefined) await onTarget({ dataDir }, (site) => knownParty(site, { tenant, party }));
  const sent = await sendCommand(dataDir, 'token', input);
  if (sent !== undefined) {
    process.stdout.write(`${properties(sent.answer, 'the answer').text('token')}\n`);
    return;
  }
  // The issuer's key is in the data directory, so this works without a running instance.
  const issuer = await openIssuer({
    dataDir,
    url: `http://127.0.0.1:${portOf(flags)}`,
    clock: directoryClock(dataDir),
  });
  process.stdout.write(`${await mintToken({ issuer, functions: [] }, request)}\n`);
});
