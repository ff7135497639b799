// What does an instance do when its clock is to move? It ends the work at hand, moves, does what fell due, and says which flags it raised.
// The command server calls it; it writes the clock's file, and reads flags over the instance's own API.
import type { MovableClock } from '../../local/core/clock.ts';
import { aheadText, clockTarget, moveClock } from '../../local/core/directoryClock.ts';
import { type Properties, properties } from '../../local/core/json.ts';
import { refuse } from '../../local/core/refusal.ts';
import type { Runtime } from '../../local/runtime.ts';
import { settles } from './settles.ts';
import { storedTenants } from './storedTenants.ts';
import { createTenantReader } from './tenantReader.ts';

/** The open flags of a tenant, before and after. */
export interface TenantFlags {
  readonly tenant: string;
  readonly before: number;
  readonly after: number;
}

export interface ClockAnswer {
  readonly now: string;
  /** How far it is ahead of the machine, in words; absent where it is not. */
  readonly ahead?: string;
  /** Only after a move. */
  readonly flags?: readonly TenantFlags[];
  /** Whether what fell due is done. */
  readonly settled?: boolean;
}

/** How long the command waits for work, before the move and after it. */
const patienceMs = 60_000;

const isMovable = (clock: Runtime['clock']): clock is MovableClock => 'set' in clock;

async function openFlags(runtime: Runtime): Promise<ReadonlyMap<string, number>> {
  const open = new Map<string, number>();
  for (const { tenant } of await storedTenants(runtime)) {
    const flags = await (await createTenantReader(runtime, tenant)).flags();
    open.set(tenant, flags.filter(({ status }) => status === 'open').length);
  }
  return open;
}

const answerOf = ({ clock }: Runtime): ClockAnswer => {
  const ahead = aheadText(clock);
  return { now: new Date(clock.now()).toISOString(), ...(ahead !== undefined && { ahead }) };
};

/** Moves the clock of a running instance, where the request says to when; answers where it stands. */
export async function clockMove(runtime: Runtime, given: Properties): Promise<ClockAnswer> {
  const { clock, dataDir } = runtime;
  if (!given.has('to')) return answerOf(runtime);
  if (!isMovable(clock))
    return refuse('The clock of this instance is the machine’s: npm start runs one that can be moved.');
  // What is under way belongs to the time before.
  if (!(await settles(runtime, patienceMs))) refuse('The instance is busy: move its clock when its work is done.');
  const target = clockTarget(given.text('to'), clock.now());
  const before = await openFlags(runtime);
  moveClock(dataDir, clock, Math.max(target, clock.now()));
  const queue = runtime.queueOf('sweep');
  runtime.queueStore.sendAll([{ queue, body: JSON.stringify({ sweep: 'due' }) }]);
  const settled = await settles(runtime, patienceMs);
  const after = await openFlags(runtime);
  const flags = [...after].map(([tenant, count]) => ({ tenant, before: before.get(tenant) ?? 0, after: count }));
  return { ...answerOf(runtime), flags, settled };
}

/** The answer as lines for a person. */
export const clockText = (answer: unknown): string => {
  const said = properties(answer, 'the answer');
  const standing = said.has('ahead') ? said.text('ahead') : `${said.text('now').slice(0, 16)}Z, the machine’s time`;
  const flags = said.has('flags') ? said.objects('flags') : [];
  const changes = flags.map((each) => {
    const [tenant, before, after] = [each.text('tenant'), each.number('before'), each.number('after')];
    return `  ${tenant}: ${after} open flags, ${before} before`;
  });
  const late = said.raw('settled') === false ? ['  Some of what fell due is still being worked on.'] : [];
  return [`The clock stands at ${standing}.`, ...changes, ...late, ''].join('\n');
};
