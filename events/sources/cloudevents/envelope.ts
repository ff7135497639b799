// Which events does an HTTP message hold?
import type { Issue } from '../../catalog.ts';
import type { Message } from '../delivery.ts';
import type { Part } from '../source.ts';
import { at, isObject, type Json, type JsonObject, readJson, SourceNumber, textAt } from '../sourceJson.ts';
import { longestSequence, sequenceOf } from './sequence.ts';

/** One event. `json` is the whole event, and a mapping's paths begin there. */
export interface CloudEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string | undefined;
  readonly time: string | undefined;
  /** The sequence extension, as text that sorts in the source's own order. */
  readonly sequence: string | undefined;
  readonly json: JsonObject;
  /** Its path in the message: empty, or its index in a batch. */
  readonly path: string;
}

export type ReadEvents =
  | {
      readonly ok: true;
      readonly isBatch: boolean;
      readonly events: readonly CloudEvent[];
      /** The malformed events of a batch. */
      readonly parts: readonly Part[];
    }
  | { readonly ok: false; readonly reason: string; readonly issues: readonly Issue[] };

const failed = (reason: string, path: string, message: string) => ({
  ok: false as const,
  reason,
  issues: [{ path, message }],
});
type Failed = ReturnType<typeof failed>;

const pathOf = (path: string, attribute: string): string => (path === '' ? attribute : `${path}.${attribute}`);

const sequenceIn = (json: JsonObject): string | undefined => {
  const text = textAt(json, 'sequence');
  const type = textAt(json, 'sequencetype');
  const isNumber = at(json, 'sequence') instanceof SourceNumber;
  return text === undefined ? undefined : sequenceOf({ text, isNumber, ...(type !== undefined && { type }) });
};

const eventOf = (
  json: JsonObject,
  path: string,
  named: { readonly id: string; readonly source: string },
): CloudEvent | Failed => {
  const sequence = sequenceIn(json);
  if (sequence !== undefined && sequence.length > longestSequence) {
    const message = `the sequence has ${sequence.length} characters in our form; ${longestSequence} are allowed`;
    return failed('sequenceTooLong', pathOf(path, 'sequence'), message);
  }
  return {
    ...named,
    type: textAt(json, 'type') ?? '',
    subject: textAt(json, 'subject'),
    time: textAt(json, 'time') ?? textAt(json, 'timestamp'),
    sequence,
    json,
    path,
  };
};

const readEvent = (json: Json, path: string, message: Message): CloudEvent | Failed => {
  if (!isObject(json)) return failed('notACloudEvent', path, 'expected a JSON object');
  if (textAt(json, 'type') === undefined) {
    return failed('attributeMissing', pathOf(path, 'type'), 'a CloudEvent has a type');
  }
  const version = textAt(json, 'specversion');
  const webhookId = message.headers['webhook-id'];
  // Some senders of Standard Webhooks don't know CloudEvents: they send { type, timestamp, data }, with the id in a
  // header.
  if (version === undefined && path === '' && webhookId !== undefined && at(json, 'data') !== undefined) {
    return eventOf(json, path, { id: webhookId, source: 'standardwebhooks' });
  }
  if (version !== '1.0') {
    return failed('specversionUnknown', pathOf(path, 'specversion'), `expected "1.0", not ${version ?? 'nothing'}`);
  }
  const id = textAt(json, 'id');
  const source = textAt(json, 'source');
  if (id === undefined) return failed('attributeMissing', pathOf(path, 'id'), 'a CloudEvent has an id');
  if (source === undefined || /\s/.test(source)) {
    return failed('attributeMissing', pathOf(path, 'source'), 'a CloudEvent has a source: a URI reference');
  }
  const mediaType = textAt(json, 'datacontenttype') ?? 'application/json';
  if (!/^application\/(?:[\w.-]+\+)?json(?:\s*;.*)?$/i.test(mediaType) || at(json, 'data_base64') !== undefined) {
    return failed('dataNotJson', pathOf(path, 'datacontenttype'), 'data must be JSON, in the attribute data');
  }
  return eventOf(json, path, { id, source });
};

/**
 * Reads the events of a message: one CloudEvent, a batch, or a plain Standard Webhooks message. Binary mode is refused:
 * its attributes are in headers, but the signature covers only the body. Somebody between the sender and us could
 * change them.
 */
export const readEvents = (message: Message): ReadEvents => {
  const binary = Object.keys(message.headers).find((name) => name.startsWith('ce-'));
  if (binary !== undefined) {
    const mend =
      'send the event in structured mode (Content-Type: application/cloudevents+json, all attributes in the body): ' +
      'the signature covers the body, not these headers';
    return failed('binaryMode', `headers.${binary}`, mend);
  }
  const read = readJson(message.body);
  if (!read.ok) return failed(read.reason, '', read.message);
  const { json } = read;
  const list: readonly Json[] | undefined = Array.isArray(json) ? json : undefined;
  if (list === undefined) {
    const event = readEvent(json, '', message);
    return 'ok' in event ? event : { ok: true, isBatch: false, events: [event], parts: [] };
  }
  const events: CloudEvent[] = [];
  const parts: Part[] = [];
  for (const [index, each] of list.entries()) {
    const path = `${index}`;
    const event = readEvent(each, path, message);
    if (!('ok' in event)) events.push(event);
    else parts.push({ path, outcome: 'refused', reason: event.reason, issues: event.issues });
  }
  return { ok: true, isBatch: true, events, parts };
};
