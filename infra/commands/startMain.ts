// Which flags does `npm start` take? This file reads them and starts the run.
import { allowedHost } from '../local/http/foreignRequest.ts';
import { command, portOf, readCommandLine, usualDataDir, usualPort } from './commandLine.ts';
import { firstRun } from './start/firstRun.ts';
import { start } from './start/start.ts';

const usage = `Usage: npm start -- [--data DIR] [--port N] [--host NAME …] [--reset] [--no-sample] [--once] [--json] [--clock TIME]
                       [--authorise] [--verbose]
  --data DIR    the data directory, which keeps the state (${usualDataDir})
  --port N      the port of the HTTP API (${usualPort}; 0: any free one)
  --host NAME   a name under which requests may come, beside 127.0.0.1 and localhost: that of a tunnel or a proxy, once for each
  --reset       start empty: delete everything in the data directory first
  --no-sample   don't play the sample channel on an empty data directory
  --once        stop when all work is done
  --json        print the summary as one JSON object on standard output
  --clock TIME  move time ahead, to see what it does: +90d, +36h, +15m, 2027-03-01 or 2027-03-01T09:00Z. Time runs on
                from there, also at later starts of this directory, and never goes back
  --authorise   check every call of the functions against the policies of the template, as AWS would
  --verbose     list the resources of the template that don't run on one machine`;

await command(async () => {
  const { flags } = readCommandLine({
    texts: ['data', 'port', 'clock'],
    lists: ['host'],
    switches: ['reset', 'no-sample', 'once', 'json', 'authorise', 'verbose'],
    usage,
  });
  await start({
    dataDir: flags.text('data', usualDataDir),
    port: portOf(flags),
    hosts: flags.texts('host').map(allowedHost),
    reset: flags.flag('reset'),
    once: flags.flag('once'),
    json: flags.flag('json'),
    authorise: flags.flag('authorise'),
    verbose: flags.flag('verbose'),
    ...(flags.has('clock') && { clockTo: flags.text('clock') }),
    plays: !flags.flag('no-sample'),
    sample: firstRun,
  });
});
