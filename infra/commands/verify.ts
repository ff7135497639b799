// What does `npm run verify` do? It checks every chain of the event store against itself and the daily roots, and names each change.
// A person calls it; it reads the events table and the roots table.

import { Refusal, refuse } from '../local/core/refusal.ts';
import { command, readCommandLine, usualDataDir, whereabouts } from './commandLine.ts';
import { printable } from './printable.ts';
import { onTarget } from './target.ts';
import { type Counts, type Fault, type Verified, verify } from './verifyStore.ts';

const usage = `Usage: npm run verify -- [--root HEX] [--stack NAME | --data DIR]
  --root HEX    a root that an earlier run printed and that you noted elsewhere: some day must have it
  --stack NAME  a deployed stack; without it, this machine
  --data DIR    the data directory (${usualDataDir})`;

const counted = ({ streams, commits, events }: Counts): string =>
  `${streams} streams, ${commits} commits, ${events} events`;

const tellEveryMs = 1_000;

/** Prints counts on standard error, at most one line a second. */
function teller(): (counts: Counts) => void {
  const began = performance.now();
  let told = began;
  return (counts) => {
    const at = performance.now();
    if (at - told < tellEveryMs) return;
    told = at;
    const rate = Math.round((counts.streams * 1000) / (at - began));
    process.stderr.write(`${counted(counts)} checked so far, ${rate} streams a second\n`);
  };
}

function reportOf({ days, ...counts }: Verified): string {
  const last = days.at(-1);
  const lines =
    last === undefined
      ? [
          'No day is sealed yet, so this proves only each chain by itself. Seal runs every day, within two hours after midnight UTC.',
        ]
      : [
          `Sealed and unchanged: ${days.length} days, everything recorded before ${last.until}.`,
          `The latest root (note it elsewhere, and give it later with --root): ${last.root}`,
        ];
  return [`Every chain holds: ${counted(counts)}.`, ...lines, ''].join('\n');
}

// A stranger may have written what a fault names.
const lineOf = ({ where, what }: Fault): string => printable(`${where}: ${what}`);

await command(async () => {
  const { flags } = readCommandLine({ texts: ['root', 'stack', 'data'], usage });
  const keptRoot = flags.text('root', '');
  if (!/^([0-9a-f]{64})?$/.test(keptRoot))
    refuse(`--root ${keptRoot} is not a root: a root has 64 digits of 0-9 and a-f.`);
  const verified = await onTarget(whereabouts(flags), ({ output, dynamo }) =>
    verify({
      client: dynamo,
      eventsTable: output('EventsTable'),
      rootsTable: output('RootsTable'),
      ...(keptRoot !== '' && { keptRoot }),
      progress: teller(),
    }),
  );
  const { faults, notUnderstood } = verified;
  if (faults.length > 0) {
    const streamsIn = (found: readonly string[]): number => new Set(found).size;
    const unknown = new Set(notUnderstood.map(lineOf));
    const broken = faults.filter((fault) => !unknown.has(lineOf(fault))).map(({ where }) => where);
    const todo = [
      `Broken: ${streamsIn(broken)}. What to do: infra/OPERATING.md, "A broken stream".`,
      `Not understood by this release: ${streamsIn(notUnderstood.map(({ where }) => where))}. ` +
        'What to do: infra/OPERATING.md, "A stream that this release does not understand".',
    ].filter((_, index) => (index === 0 ? broken : notUnderstood).length > 0);
    throw new Refusal([...faults.map(lineOf), ...todo, `Checked: ${counted(verified)}.`]);
  }
  process.stdout.write(reportOf(verified));
});
