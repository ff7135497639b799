// Which fact of an id counts, where several name the same id?
/** Of facts that name the same id, the last in the order given, by id, in the order of each id's first fact. */
export const lastById = <Event>(events: readonly Event[], idOf: (event: Event) => string): ReadonlyMap<string, Event> =>
  new Map(events.map((event) => [idOf(event), event]));
