// What does `npm start` take, and what does it begin with?
import { command, portOf, readCommandLine, usualDataDir, usualPort } from './commandLine.ts';
import { firstRun } from './firstRun.ts';
import { start } from './start.ts';

const usage = `Usage: npm start -- [--data DIR] [--port N] [--reset] [--no-sample] [--once] [--json] [--authorise] [--verbose]
  --data DIR    where state lies (${usualDataDir})
  --port N      the port of the HTTP API (${usualPort}; 0: any free one)
  --reset       begin anew: remove what lies in the data directory
  --no-sample   don't play the sample channel on an empty data directory
  --once        stop when everything is worked off
  --json        print the closing summary as one JSON object on standard output
  --authorise   check every call of the functions against the policies of the template, as AWS would
  --verbose     list what the template names and is not run on one machine`;

await command(async () => {
  const { flags } = readCommandLine({
    texts: ['data', 'port'],
    switches: ['reset', 'no-sample', 'once', 'json', 'authorise', 'verbose'],
    usage,
  });
  await start({
    dataDir: flags.text('data', usualDataDir),
    port: portOf(flags),
    reset: flags.flag('reset'),
    once: flags.flag('once'),
    json: flags.flag('json'),
    authorise: flags.flag('authorise'),
    verbose: flags.flag('verbose'),
    ...(flags.flag('no-sample') ? {} : { sample: firstRun }),
  });
});
