// How are old words understood? Data of an older version passes, step by step, through the upcasts of its type.

/** Data of version n as data of version n + 1. */
export type Upcast = (data: unknown) => unknown;

/** By type, the upcast that leads on from each version: index 0 leads from version 1 to version 2. */
export const upcasts: Readonly<Record<string, readonly Upcast[]>> = {};

/**
 * The event with its data at the wanted version. An event that is already there, or newer than we know, comes back as it is:
 * its schema then decides.
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
