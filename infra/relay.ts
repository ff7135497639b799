// What does relay stand on? New commits of the event store, and leave to put them on the bus.
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { DeadLetters } from './deadLetters.ts';
import { recordedSource } from './eventPatterns.ts';
import type { Foundation } from './foundation.ts';
import { onTable, putOn } from './permissions.ts';
import { PipelineFunction } from './pipelineFunction.ts';
import { fromInserts } from './trigger.ts';

export class Relay extends Construct {
  constructor(scope: Construct, id: string, { bundles, bus, eventStore, operational }: Foundation) {
    super(scope, id);
    const failures = new DeadLetters(this, 'StreamFailures', {
      alarmDescription: 'Commits that relay could not put on the bus. They stand in the event store.',
    });
    new PipelineFunction(this, 'Function', {
      name: 'relay',
      describes: 'puts recorded events on the bus, at least once',
      bundles,
      timeout: Duration.seconds(60),
      memory: 512,
      environment: { BUS_NAME: bus.eventBusName, FAILURES_TABLE: operational.failures.tableName },
      permissions: [putOn(bus, recordedSource), onTable(operational.failures, 'PutItem')],
      triggers: [fromInserts(eventStore.table, failures)],
    });
  }
}
