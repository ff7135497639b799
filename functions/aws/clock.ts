// What time is it now, for every function?
import { type Instant, instantOf } from '../../events/instant.ts';

/** The present instant of this process's clock. */
export const now = (): Instant => instantOf(Date.now());
