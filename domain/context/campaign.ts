// Which launch of a campaign stands, whom did it enable, and when was it closed?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';

export interface Campaign {
  /** The last standing launch. */
  readonly launched: RecordedOf<'CampaignLaunched'>;
  readonly enablements: readonly RecordedOf<'EnablementCompleted'>[];
  /** What closes it; a launch after that opens it again. */
  readonly closed: RecordedOf<'CampaignClosed'> | undefined;
}

/** Folds a campaign from its standing events; undefined if no launch stands. */
export const foldCampaign = (events: readonly RecordedEvent[]): Campaign | undefined => {
  const launched = events.filter((event) => event.type === 'CampaignLaunched').at(-1);
  if (launched === undefined) return undefined;
  const closed = events.filter((event) => event.type === 'CampaignClosed').at(-1);
  return {
    launched,
    enablements: events.filter((event) => event.type === 'EnablementCompleted'),
    closed: closed !== undefined && closed.occurredAt >= launched.occurredAt ? closed : undefined,
  };
};
