// What did the person ask for on the command line? Reads flags by name, and prints the usage or a refusal.
// Every command in infra/commands calls it; it reads the arguments, looks for the data directory, and writes to standard output and error.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { dataFiles } from '../local/core/dataDirectory.ts';
import { type Properties, properties } from '../local/core/json.ts';
import { refuseShared } from '../local/core/privateDirectory.ts';
import { Refusal, refuse } from '../local/core/refusal.ts';

/** The port of the HTTP API unless --port names one. */
export const usualPort = 4747;
export const usualDataDir = '.throughline';

export interface CommandLine {
  readonly positionals: readonly string[];
  readonly flags: Properties;
}

/** Thrown where the person asks how the command is called. */
class HelpAsked {
  readonly usage: string;

  constructor(usage: string) {
    this.usage = usage;
  }
}

/** Whether the words ask how the command is called, whatever stands beside that. */
export const asksForHelp = (words: readonly string[]): boolean => {
  const end = words.indexOf('--');
  return (end < 0 ? words : words.slice(0, end)).some((word) => word === '--help' || word === '-h');
};

/** Secrets that a person might give as arguments, with the flag that names a file of it instead. */
const secrets = [
  { flag: 'token', file: 'token-file', variable: 'THROUGHLINE_TOKEN' },
  { flag: 'secret', file: 'secret-file', variable: 'THROUGHLINE_SECRET' },
] as const;

/** Refuses a secret among the words, without telling it, with what to write instead where the command takes one. */
function refuseSecrets(words: readonly string[], texts: readonly string[]): void {
  for (const { flag, file, variable } of secrets) {
    if (texts.includes(flag) || !words.some((word) => word === `--${flag}` || word.startsWith(`--${flag}=`))) continue;
    const instead = texts.includes(file)
      ? `--${file} FILE (- is standard input), or the environment variable ${variable}.`
      : 'this command takes none.';
    refuse(`A ${flag} has no place in arguments, where every user of this machine sees it: ${instead}`);
  }
}

/**
 * Reads flags with a value (`texts`) and flags without one (`switches`); refuses any other flag and shows the usage. With --help or -h
 * the command ends here: `command` prints the usage.
 */
export function readCommandLine(options: {
  readonly texts: readonly string[];
  readonly switches?: readonly string[];
  /** Flags with a value that may be given several times. */
  readonly lists?: readonly string[];
  readonly positionals?: boolean;
  readonly usage: string;
}): CommandLine {
  const { texts, switches = [], lists = [], usage } = options;
  if (asksForHelp(process.argv.slice(2))) throw new HelpAsked(usage);
  refuseSecrets(process.argv.slice(2), texts);
  const known = {
    ...Object.fromEntries(texts.map((name) => [name, { type: 'string' as const }])),
    ...Object.fromEntries(lists.map((name) => [name, { type: 'string' as const, multiple: true }])),
    ...Object.fromEntries(switches.map((name) => [name, { type: 'boolean' as const }])),
  };
  try {
    const { values, positionals } = parseArgs({ options: known, allowPositionals: options.positionals === true });
    return { positionals, flags: properties({ ...values }, 'the command line') };
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}\n${usage}`, error);
  }
}

/** A port that --port names, from 0 (any) on. */
export function portOf(flags: Properties): number {
  const port = Number(flags.text('port', String(usualPort)));
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  return refuse(`--port ${flags.text('port')} is not a port: give a number from 0 (any free one) to 65535.`);
}

/** The stack that --stack names; refuses --stack together with --data, because they name two places. */
export function stackOf(flags: Properties): string {
  if (flags.has('data')) refuse('--stack acts on a deployed stack and --data on this machine: give one of them.');
  const stack = flags.text('stack');
  // This is CloudFormation's own rule. It finds a typing error before any call to AWS.
  if (/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(stack)) return stack;
  return refuse(`--stack "${stack}" is not the name of a stack: letters, digits and dashes, a letter first.`);
}

/** The data directory that --data names; refuses one that no instance has made, because the command would act on nothing. */
export const existingDataDir = (flags: Properties): string => madeDataDir(flags.text('data', usualDataDir));

/** The data directory itself; refuses one that no instance has made, or that others share. */
export function madeDataDir(dataDir: string): string {
  if (existsSync(dataFiles.queues(dataDir))) {
    refuseShared(dataDir);
    return dataDir;
  }
  return refuse(
    `${dataDir} is no data directory of an instance: npm start makes it (--data DIR names another one, --stack NAME a deployed stack).`,
  );
}

/** Where the command acts: the stack that --stack names, else the data directory. */
export const whereabouts = (flags: Properties): { readonly stack?: string; readonly dataDir: string } => ({
  ...(flags.has('stack') ? { stack: stackOf(flags) } : {}),
  dataDir: flags.has('stack') ? usualDataDir : existingDataDir(flags),
});

/**
 * Runs a command. On a refusal it prints the reasons, on any other error the whole error; both end with exit code 1. Where the person
 * asks for help it prints the usage.
 */
export async function command(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof HelpAsked) {
      process.stdout.write(`${error.usage}\n`);
      return;
    }
    process.stderr.write(`${error instanceof Refusal ? error.reasons.join('\n') : inspect(error)}\n`);
    process.exitCode = 1;
  }
}

const inspect = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
