// How does data of an older version become data of the newest version?

/** Turns data of version n into data of version n + 1. */
export type Upcast = (data: unknown) => unknown;

/** The upcasts of each type, in order: index 0 turns version 1 into version 2. */
export const upcasts: Readonly<Record<string, readonly Upcast[]>> = {};

/**
 * The event with its data at version `to`. An event that is at that version comes back unchanged. A newer one does too; the
 * catalog refuses it before.
 */
export const upcast = <E extends { readonly type: string; readonly schemaVersion: number; readonly data?: unknown }>(
  event: E,
  to: number,
  steps: Readonly<Record<string, readonly Upcast[]>> = upcasts,
): E => {
  const chain = steps[event.type]?.slice(event.schemaVersion - 1, to - 1) ?? [];
  if (chain.length === 0) return event;
  return {
    ...event,
    schemaVersion: event.schemaVersion + chain.length,
    data: chain.reduce((data, step) => step(data), event.data),
  };
};
