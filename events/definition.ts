// What does the catalog declare about one event type?
import type * as z from 'zod';
import { builtOnce } from './builtOnce.ts';
import type { StreamKind } from './identifiers.ts';

/** Who may say a fact: the tenant's own people, a partner's people and systems, or the tenant's systems (connections). */
export type Sayer = 'vendor' | 'partner' | 'system';

/** One event type of the catalog. */
export interface EventDefinition<Data extends z.ZodType = z.ZodType> {
  /** The newest version of `data`; older ones are upcast. */
  readonly version: number;
  /** The kinds of stream that may hold it. */
  readonly streams: readonly StreamKind[];
  /** Who may say it where nobody says otherwise: `system` is a connection that is bound to no partner. */
  readonly saidBy: readonly Sayer[];
  /** Why these may say it, and others may not: a sentence of the documents. */
  readonly because: string;
  readonly data: Data;
}

export const everyone: readonly Sayer[] = ['vendor', 'partner', 'system'];

interface Given<Data extends z.ZodType> extends Omit<EventDefinition<Data>, 'data'> {
  readonly data: () => Data;
}

/** A definition whose schema is built when it is first read: a function meets few of all types, and each schema takes time. */
export const define = <Data extends z.ZodType>({ data, ...rest }: Given<Data>): EventDefinition<Data> => {
  const built = builtOnce(data);
  return {
    ...rest,
    get data() {
      return built();
    },
  };
};
