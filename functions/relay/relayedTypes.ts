// Which types of recorded events does this deployment put on the bus?

/** Whether events of a type are put on the bus. */
export type IsRelayed = (type: string) => boolean;

/** Reads the setting: types with commas between them, or `all`. */
export const isRelayedIn = (setting: string): IsRelayed => {
  if (setting === 'all') return () => true;
  const types = new Set(setting.split(','));
  return (type) => types.has(type);
};
