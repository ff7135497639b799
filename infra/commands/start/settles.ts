// Is all work of an instance done within some patience?
import { setTimeout as delay } from 'node:timers/promises';
import type { Runtime } from '../../local/runtime.ts';

/** Waits until all work is done, at most so many milliseconds; answers whether it is. */
export async function settles({ drained }: Pick<Runtime, 'drained'>, patienceMs: number): Promise<boolean> {
  const patience = new AbortController();
  const late = delay(patienceMs, false, { signal: patience.signal }).catch(() => false);
  const done = drained().then(() => true);
  return await Promise.race([done, late]).finally(() => patience.abort());
}
