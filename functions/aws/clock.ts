// What time is it now? Functions read the clock only here.
import { type Instant, instantOf } from '../../events/instant.ts';

/** The present instant of this process's clock. */
export const now = (): Instant => instantOf(Date.now());
