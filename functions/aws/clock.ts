// What time is it? The one place from which functions take the present.
import { type Instant, instantOf } from '../../events/instant.ts';

/** The present instant of this process's clock. */
export const now = (): Instant => instantOf(Date.now());
