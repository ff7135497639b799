// How does the local bus answer EventBridge's PutEvents?

import { type Bus, busNameOf, refusedCall } from '../bus/bus.ts';
import { AwsRefusal, type Operation, type Operations } from './awsCall.ts';

const entryMembers = ['Time', 'Source', 'Resources', 'DetailType', 'Detail', 'EventBusName', 'TraceHeader'];

/** EventBridge's operations, with the input members that each one reads. */
export function eventsOperations(bus: Bus): Operations {
  const putEvents: Operation = (input) => {
    const entries = input.structures('Entries', entryMembers).map((entry) => {
      const seconds = entry.optionalNumber('Time');
      return {
        // A missing member fails only its entry, not the call: the bus answers that.
        source: entry.optionalText('Source') ?? '',
        detailType: entry.optionalText('DetailType') ?? '',
        detail: entry.optionalText('Detail') ?? '',
        busName: entry.optionalText('EventBusName') ?? 'default',
        resources: entry.texts('Resources'),
        ...(seconds === undefined ? {} : { time: seconds * 1000 }),
      };
    });
    const names = new Set(entries.map((entry) => busNameOf(entry.busName)));
    return {
      permission: 'events:PutEvents',
      resources: [...names].map((name) => `arn:aws:events:${bus.region}:${bus.account}:event-bus/${name}`),
      run() {
        const refused = refusedCall(entries);
        if (refused !== undefined) throw new AwsRefusal('ValidationException', refused);
        const results = bus.put(entries);
        return {
          FailedEntryCount: results.filter((result) => 'errorCode' in result).length,
          Entries: results.map((result) =>
            'eventId' in result
              ? { EventId: result.eventId }
              : { ErrorCode: result.errorCode, ErrorMessage: result.errorMessage },
          ),
        };
      },
    };
  };
  return new Map([['PutEvents', [['Entries'], putEvents]]]);
}
