// Which queues receive an event? Those of the matching rules; the event is on disk there before PutEvents answers.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { OutgoingMessage, QueueStore } from '../storage/queueStore.ts';
import type { Matcher } from './eventPattern.ts';
import { isObject } from './eventPatternOperators.ts';

export interface PartnerEvent {
  /** The name of the partner event source; its bus has the same name. */
  readonly source: string;
  readonly detailType: string;
  readonly detail?: unknown;
  /** The exact JSON text of the detail, where `detail` would lose how its numbers are written. */
  readonly detailText?: string;
  /** Epoch milliseconds; now if absent. */
  readonly time?: number;
}

/** A rule of a bus. A target receives the event's envelope, or the constant text `input` in its place. */
export interface Rule {
  readonly name: string;
  readonly bus: string;
  readonly matcher: Matcher;
  readonly targets: readonly { readonly queue: string; readonly input?: string }[];
}

/** An entry of PutEvents: `detail` is JSON text, `busName` a name or an ARN, `time` epoch milliseconds (now if absent). */
export interface BusEntry {
  readonly source: string;
  readonly detailType: string;
  readonly detail: string;
  readonly busName: string;
  readonly time?: number;
  readonly resources?: readonly string[];
}

/** The result of an entry: its event's id, or why this entry failed. */
export type BusResult = { readonly eventId: string } | { readonly errorCode: string; readonly errorMessage: string };

export interface Bus {
  readonly account: string;
  readonly region: string;
  /** Replaces all rules. Then these buses exist: `default`, the buses of the rules, and `buses` (which have no rule). */
  setRules(rules: readonly Rule[], buses?: readonly string[]): void;
  /**
   * Puts up to 10 events (see `refusedCall`); a failed entry doesn't stop the others. On return, the
   * queue of every target of every matching rule has its message on disk; all messages of a call are one transaction.
   */
  put(entries: readonly BusEntry[]): readonly BusResult[];
}

const maxEntries = 10;
const maxBytes = 1_048_576;

/** Why PutEvents refuses a whole call: no entries, too many, or over 1 MB together; undefined when it accepts the call. */
export function refusedCall(entries: readonly BusEntry[]): string | undefined {
  if (entries.length < 1 || entries.length > maxEntries) {
    return `PutEvents takes 1 to ${maxEntries} entries, not ${entries.length}.`;
  }
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  return bytes > maxBytes ? `The entries are ${bytes} bytes together; PutEvents takes ${maxBytes}.` : undefined;
}

/** The size that PutEvents counts: 14 bytes for a given time, and the bytes of the texts. */
function sizeOf(entry: BusEntry): number {
  const texts = [entry.source, entry.detailType, entry.detail, ...(entry.resources ?? [])];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), entry.time === undefined ? 0 : 14);
}

/** The name of a bus that is given by its name or its ARN. */
export function busNameOf(nameOrArn: string): string {
  return nameOrArn.replace(/^arn:[^:]*:events:[^:]*:[^:]*:event-bus\//, '');
}

/** Why the bus refuses an entry; undefined where it accepts it. */
function wrongIn({ source, detailType, detail }: BusEntry, bus: string): BusResult | undefined {
  const required = { Source: source, DetailType: detailType, Detail: detail };
  const missing = Object.entries(required).find(([, text]) => text === '')?.[0];
  if (missing !== undefined) return failed('InvalidArgument', `Parameter ${missing} is not valid: it is required.`);
  // A partner's bus has the name of its source. On other buses AWS refuses sources with this prefix.
  return source.startsWith('aws.') && source !== bus
    ? failed('NotAuthorizedForSourceException', `Not authorized for the source "${source}".`)
    : undefined;
}

/**
 * Makes the local EventBridge buses. They differ from AWS in one point: an entry for a bus that doesn't exist fails
 * (`UnknownBus`). AWS answers success and drops the event, which hides the error.
 */
export function createBus(options: {
  readonly queueStore: Pick<QueueStore, 'sendAll'>;
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
}): Bus {
  const { queueStore, account, region, clock } = options;
  let rulesOfBus: ReadonlyMap<string, readonly Rule[]> = new Map([['default', []]]);

  function route(entry: BusEntry, messages: OutgoingMessage[]): BusResult {
    const bus = busNameOf(entry.busName);
    const rules = rulesOfBus.get(bus);
    if (rules === undefined) {
      const known = [...rulesOfBus.keys()].join(', ');
      const message = `There is no event bus "${bus}" here; there are ${known}. (AWS would drop the event.)`;
      return failed('UnknownBus', message);
    }
    const wrong = wrongIn(entry, bus);
    if (wrong !== undefined) return wrong;
    const detail = parseDetail(entry.detail);
    if (detail === undefined)
      return failed('MalformedDetail', 'Detail is malformed: it must be the text of a JSON object.');

    const head = {
      version: '0',
      id: randomUUID(),
      'detail-type': entry.detailType,
      source: entry.source,
      account,
      time: `${new Date(entry.time ?? clock.now()).toISOString().slice(0, 19)}Z`,
      region,
      resources: entry.resources ?? [],
    };
    const event = { ...head, detail };
    // The detail stays the same text: if it were parsed and printed again, its numbers could look different (84000.0).
    const body = `${JSON.stringify(head).slice(0, -1)},"detail":${entry.detail}}`;
    for (const { targets } of rules.filter(({ matcher }) => matcher(event)))
      messages.push(...targets.map(({ queue, input }) => ({ queue, body: input ?? body })));
    return { eventId: head.id };
  }

  return {
    account,
    region,
    setRules(rules, buses = []) {
      const names = new Set(['default', ...buses, ...rules.map((rule) => rule.bus)]);
      rulesOfBus = new Map([...names].map((name) => [name, rules.filter((rule) => rule.bus === name)]));
    },
    put(entries) {
      const refused = refusedCall(entries);
      if (refused !== undefined) throw new RangeError(refused);
      const messages: OutgoingMessage[] = [];
      const results = entries.map((entry) => route(entry, messages));
      if (messages.length > 0) queueStore.sendAll(messages);
      return results;
    },
  };
}

function failed(errorCode: string, errorMessage: string): BusResult {
  return { errorCode, errorMessage };
}

function parseDetail(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return isObject(detail) ? detail : undefined;
  } catch {
    return undefined;
  }
}
