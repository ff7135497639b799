// Do two connections say the facts of one account?
import { factAccountOf } from '../../events/sources/catalog.ts';
import type { Connection } from '../../events/sources/source.ts';

/** Whether a fact that one of them says has the same id where the other says it. Who speaks for a partner says facts of its own. */
export const isSameAccount = (a: Connection, b: Connection): boolean =>
  a.tenantId === b.tenantId && a.source === b.source && factAccountOf(a) === factAccountOf(b);
