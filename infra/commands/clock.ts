// What does `npm run clock` do? It moves the clock of the running instance ahead, so that a person sees what time does; or says where it stands.
// A person calls it; it sends a command to the running instance.
import { refuse } from '../local/core/refusal.ts';
import { command, existingDataDir, readCommandLine, usualDataDir } from './commandLine.ts';
import { sendCommand } from './commandServer.ts';
import { clockText } from './start/clockMove.ts';

const usage = `Usage: npm run clock -- [TIME] [--data DIR]
  TIME          to when: +90d, +36h or +15m from where it stands, a day (2027-03-01), or an instant (2027-03-01T09:00Z);
                absent: only say where it stands. Time runs on from there, and never goes back
  --data DIR    the data directory of the running instance (${usualDataDir})`;

await command(async () => {
  const { positionals, flags } = readCommandLine({ texts: ['data'], positionals: true, usage });
  const [to, ...others] = positionals;
  if (others.length > 0) refuse(`Give one time.\n${usage}`);
  const dataDir = existingDataDir(flags);
  const sent = await sendCommand(dataDir, 'clock', to === undefined ? {} : { to });
  if (sent === undefined) {
    return refuse(`No instance runs on ${dataDir}: npm start -- --clock TIME starts it with its clock moved.`);
  }
  process.stdout.write(clockText(sent.answer));
});
