// Which event bus carries facts and recorded events? One bus, with an archive and an alarm for facts that no stage owns.
import { Duration } from 'aws-cdk-lib';
import { Archive, EventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { acknowledge } from '../constructs/acknowledge.ts';
import { DeadLetters } from '../constructs/deadLetters.ts';
import { intakeSource, recordedSource, unownedPattern } from '../constructs/eventPatterns.ts';
import { Route } from '../constructs/route.ts';

export class PipelineBus extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { description: 'Facts from intake, and events once they are recorded.' });
    new Archive(this, 'Archive', {
      sourceEventBus: this.bus,
      description: 'For subscribers that missed something; the event store is what lasts.',
      eventPattern: { source: [intakeSource, recordedSource] },
      retention: Duration.days(30),
    });
    const unowned = new DeadLetters(this, 'Unowned', {
      name: 'unowned-facts',
      says: 'Facts that no stage owns: an adapter sent a type that domain/lifecycle.ts gives to no stage.',
    });
    const route = new Route(this, 'UnownedFacts', {
      description: 'Facts that no stage owns',
      on: { bus: this.bus, pattern: unownedPattern },
      to: unowned.queue,
    });
    acknowledge(
      route,
      'Serverless-EventBusDLQ',
      'Its target is itself where facts end: a queue with an alarm, which no function takes from.',
    );
  }
}
