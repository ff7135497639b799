// What is an episode of a flag? A rule, an engagement or a partner, and when it was raised and cleared.

/** One episode of a flag: of an engagement, by its id and by people's name for it, or of a partner. */
export interface EpisodeAt {
  readonly rule: string;
  /** Empty for a flag of a partner. */
  readonly engagementId: string;
  /** For a flag of a partner, that partner. */
  readonly partnerId?: string;
  readonly raisedAt: string;
  /** Undefined while it is open. */
  readonly clearedAt?: string | undefined;
}

/** An episode that was not found, or that nobody planted. */
export interface NamedEpisode extends EpisodeAt {
  readonly reference: string;
}
