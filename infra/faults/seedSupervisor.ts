// What happens when a seed ends the process that plays it? That seed counts as failed, and a new process continues with the next one.
// playSeeds.ts calls it; it starts and ends processes, and deletes their data.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refuse } from '../local/core/refusal.ts';
import { engineFiles } from '../local/storage/engine.ts';
import { endLeftBehind } from '../local/storage/engineProcess.ts';
import type { Tell } from './faultState.ts';
import type { SeedResult } from './runSeeds.ts';
import { FromSeeds, type ToSeeds } from './serveSeeds.ts';

export interface SupervisorOptions {
  /** The script of the process that plays: it calls `serveSeeds`. */
  readonly script: string;
  /** About so many facts. */
  readonly facts: number;
  readonly tell: Tell;
  /** Receives the error output of the process. */
  readonly complain: (text: string) => void;
}

/** The process has ended. */
export interface Ended {
  /** `SIGABRT`, or `code 1`. */
  readonly endedWith: string;
  /** The lines that say why, if there are any. */
  readonly why: readonly string[];
}

export interface SeedSupervisor {
  readonly messages: number;
  /** Plays a seed; never rejects because of the process. */
  run(seed: number): Promise<SeedResult | Ended>;
  stop(): Promise<void>;
}

const saysWhy = /Assertion failed|FATAL ERROR|^\w*Error\b/;
const whyLines = 3;

/** Removes what a crashed process left behind: its engine and its data. */
const clear = async (dataDir: string): Promise<void> => {
  await endLeftBehind(engineFiles(dataDir));
  rmSync(dataDir, { recursive: true, force: true });
};

interface SeedProcess {
  /** How many messages it plays, once it can. */
  readonly ready: Promise<number | Ended>;
  run(seed: number): Promise<SeedResult | Ended>;
  stop(): Promise<Ended>;
}

/** How did it end? Resolves after all its messages were received. */
const endOf = async (child: ChildProcess): Promise<string> => {
  const [[code, signal]] = await Promise.all([once(child, 'close'), once(child, 'disconnect')]);
  return typeof signal === 'string' ? signal : `code ${code}`;
};

const launch = ({ script, facts, tell, complain }: SupervisorOptions): SeedProcess => {
  const dataDir = mkdtempSync(join(tmpdir(), 'throughline-faults-'));
  const child = fork(script, [dataDir, String(facts)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = `${complaint}${text}`.slice(-20_000);
    complain(text);
  });
  const ready = Promise.withResolvers<number>();
  let played = Promise.withResolvers<SeedResult>();
  child.on('message', (message) => {
    const said = FromSeeds.parse(message);
    if (said.kind === 'ready') ready.resolve(said.messages);
    if (said.kind === 'injected') tell(...said.what);
    if (said.kind === 'played') played.resolve(said.result);
  });
  const ended = endOf(child).then(async (endedWith): Promise<Ended> => {
    await clear(dataDir);
    const lines = complaint.split('\n').map((line) => line.replace(/^[\s#]+/, ''));
    return { endedWith, why: lines.filter((line) => saysWhy.test(line)).slice(0, whyLines) };
  });
  // It may have ended already. Then a lost message is no failure, because the end itself is reported.
  const send = (told: ToSeeds): void => void child.send(told, () => undefined);
  return {
    ready: Promise.race([ready.promise, ended]),
    async run(seed) {
      complaint = '';
      played = Promise.withResolvers();
      send({ seed });
      return await Promise.race([played.promise, ended]);
    },
    stop() {
      send('no more');
      return ended;
    },
  };
};

/** Starts the first process; refuses where it can't play. */
export const superviseSeeds = async (options: SupervisorOptions): Promise<SeedSupervisor> => {
  let current: SeedProcess | undefined = launch(options);
  const messages = await current.ready;
  if (typeof messages !== 'number') {
    return refuse(`No seed can be played: the process that plays them ended with ${messages.endedWith}.`);
  }
  return {
    messages,
    async run(seed) {
      current ??= launch(options);
      const ready = await current.ready;
      const result = typeof ready === 'number' ? await current.run(seed) : ready;
      if ('endedWith' in result) current = undefined;
      return result;
    },
    async stop() {
      const ended = await current?.stop();
      if (ended !== undefined && ended.endedWith !== 'code 0') {
        refuse(`The process that plays the seeds ended with ${ended.endedWith} when it was to stop.`);
      }
    },
  };
};
