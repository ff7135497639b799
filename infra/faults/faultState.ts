// What does a seed's plan remember? How often each function made each call, how often it failed in a row, and which functions are spared.
import type { Runtime } from '../local/runtime.ts';

/** An injected fault: its kind, the function, and the operation or the source of its events. */
export type Tell = (kind: string, functionName: string, what: string) => void;

export interface FaultState {
  readonly runtime: () => Pick<Runtime, 'crash' | 'queueStore'>;
  readonly tell: Tell;
  /** The seed of the current plan; undefined while no faults are injected. */
  seed(): number | undefined;
  /** Starts the plan of this seed; undefined ends all faults. */
  follow(seed: number | undefined): void;
  /** The number of this call among calls of the same name. */
  next(name: string): number;
  /** How often the function has failed in a row. */
  inARow(functionName: string): number;
  /** Notes how a function's event ended. */
  ended(functionName: string, failed: boolean): void;
  isSpared(functionName: string): boolean;
  /** Spares the function until the answered function is called. */
  spare(functionName: string): () => void;
}

export const createFaultState = ({ runtime, tell }: Pick<FaultState, 'runtime' | 'tell'>): FaultState => {
  let seed: number | undefined;
  const counts = new Map<string, number>();
  const failures = new Map<string, number>();
  const spared = new Map<string, number>();
  const add = (to: Map<string, number>, name: string, more: number): number => {
    const count = (to.get(name) ?? 0) + more;
    to.set(name, count);
    return count;
  };
  return {
    runtime,
    tell,
    seed: () => seed,
    follow(of) {
      seed = of;
      if (of !== undefined) for (const known of [counts, failures]) known.clear();
    },
    next: (name) => add(counts, name, 1),
    inARow: (name) => failures.get(name) ?? 0,
    ended: (name, failed) => void (failed ? add(failures, name, 1) : failures.set(name, 0)),
    isSpared: (name) => (spared.get(name) ?? 0) > 0,
    spare(name) {
      add(spared, name, 1);
      return () => void add(spared, name, -1);
    },
  };
};
