// How do events of partner event sources come in? Each source of the context has its own bus, and a rule sends all its events to receive.
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { Route } from '../constructs/route.ts';
import type { WorkQueue } from '../constructs/workQueue.ts';

export interface PartnerBusesProps {
  readonly sources: readonly string[];
  readonly to: WorkQueue;
}

export class PartnerBuses extends Construct {
  constructor(scope: Construct, id: string, { sources, to }: PartnerBusesProps) {
    super(scope, id);
    for (const source of sources) {
      // The id is the source's name, not its place in the list: so the removal of one source changes no other.
      const name = source.replaceAll('/', ':');
      const bus = new EventBus(this, name, { eventSourceName: source });
      new Route(this, `${name}:events`, {
        description: `Events of ${source}`.slice(0, 512),
        on: { bus, pattern: { source: [source] } },
        to: to.queue,
        undeliverable: to.deadLetters.queue,
      });
    }
  }
}
