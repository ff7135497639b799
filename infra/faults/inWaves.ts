// Which messages of the sample may overtake each other? All messages of one wave; a change of a CRM record comes in a later wave than its creation.
import { isObject, type JsonObject } from '../local/core/json.ts';
import type { SampleMessage } from '../sample/sampleMessage.ts';

const headerOf = (message: SampleMessage): JsonObject | undefined => {
  const detail: unknown = message.system === 'crm' ? message.detail : undefined;
  if (!isObject(detail) || !isObject(detail.payload)) return undefined;
  const header = detail.payload.ChangeEventHeader;
  return isObject(header) ? header : undefined;
};

const recordsOf = (header: JsonObject | undefined): readonly unknown[] =>
  Array.isArray(header?.recordIds) ? header.recordIds : [];

/**
 * The messages in their order, split into waves: a record is created in an earlier wave than it is changed. If changes of a renewal
 * overtake its creation, they begin a separate engagement, and the two are merged:
 * nothing is lost, but the streams differ from those of a run without faults.
 */
export const inWaves = (messages: readonly SampleMessage[]): readonly (readonly SampleMessage[])[] => {
  const waves: SampleMessage[][] = [[]];
  let created = new Set<unknown>();
  for (const message of messages) {
    const header = headerOf(message);
    const records = recordsOf(header);
    if (header?.changeType !== 'CREATE' && records.some((record) => created.has(record))) {
      waves.push([]);
      created = new Set();
    }
    if (header?.changeType === 'CREATE') for (const record of records) created.add(record);
    waves.at(-1)?.push(message);
  }
  return waves;
};
