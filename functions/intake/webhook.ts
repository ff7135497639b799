// Is a message over HTTP signed by a connected sender, and is it stored before it gets its 2xx?
// The receive handler calls it; it reads connections and secrets, and writes the tables of receipts and sources.
import { isUtf8 } from 'node:buffer';
import type { Logger } from '@aws-lambda-powertools/logger';
import { epochOf } from '../../events/instant.ts';
import { sourceOf } from '../../events/sources/catalog.ts';
import type { Message, Verified, Webhook } from '../../events/sources/delivery.ts';
import { mayBeConnection } from '../http/pathIds.ts';
import { type HttpAnswer, jsonAnswer, problemAnswer } from '../http/problem.ts';
import { receiptIdOf } from '../receipts/receiptId.ts';
import type { Receipts } from '../receipts/receipts.ts';
import type { Connections, StoredConnection } from './connections.ts';
import { createWebhookPace, type WebhookPace } from './pace.ts';
import type { SecretsOf } from './secrets.ts';
import type { SourceActivity } from './sourceActivity.ts';

export interface WebhookRequest {
  readonly method: string;
  readonly source: string;
  readonly connection: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The exact bytes. */
  readonly body: Buffer;
  /** When the request came to the API, by the clock that senders sign by; absent: now. */
  readonly cameAt?: string;
}

export interface WebhookSettings {
  readonly connections: Connections;
  readonly secretsOf: SecretsOf;
  readonly receipts: Receipts;
  readonly heard: SourceActivity;
  readonly now: () => string;
  readonly newId: () => string;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
  /** Absent: the usual pace. */
  readonly pace?: WebhookPace;
}

/** As much as EventBridge and SQS take today; Lambda itself would take more. */
export const bodyBytesLimit = 1024 * 1024;

interface Door {
  readonly connection: StoredConnection;
  readonly delivery: Webhook;
}

/** The beginning of a text that anybody may have written into the URL. */
const shown = (text: string): string => text.slice(0, 128).toWellFormed();

const unknownConnection = ({ source, connection }: WebhookRequest): HttpAnswer =>
  problemAnswer({
    status: 404,
    reason: 'connectionUnknown',
    detail: `there is no connection ${shown(connection)} of ${shown(source)}; check the URL that npm run connect printed`,
  });

const disabled = ({ source, connection }: WebhookRequest): HttpAnswer =>
  problemAnswer({
    status: 403,
    reason: 'connectionDisabled',
    detail: `connection ${connection} of ${source} is disabled: nothing was kept; ask its operator to enable it`,
  });

const tooMany = (seconds: number, reason: string, detail: string): HttpAnswer =>
  problemAnswer({ status: 429, reason, detail, headers: { 'retry-after': String(seconds) } });

const unavailable = (): HttpAnswer =>
  problemAnswer({
    status: 503,
    reason: 'unavailable',
    detail: 'the message could not be stored now; send the same message again',
    headers: { 'retry-after': '5' },
  });

/** Answers a sender's request. It never throws: a failure on our side is a 503, so that the sender retries. */
export const createWebhook = (settings: WebhookSettings): ((request: WebhookRequest) => Promise<HttpAnswer>) => {
  const { connections, secretsOf, receipts, heard, now, newId, logger } = settings;
  const pace = settings.pace ?? createWebhookPace(() => epochOf(now()));

  const doorOf = async (request: WebhookRequest): Promise<Door | undefined> => {
    const source = sourceOf(request.source);
    // A source whose messages come over a bus has no webhook, because nothing in them could be verified.
    if (source?.delivery.way !== 'webhook' || !mayBeConnection(request.connection)) return undefined;
    const connection = await connections.byId(request.connection);
    return connection?.source === source.name ? { connection, delivery: source.delivery } : undefined;
  };

  const greet = ({ connection, delivery }: Door, { headers }: WebhookRequest): HttpAnswer => {
    const handshake = delivery.handshake?.(headers);
    if (handshake !== undefined) return { statusCode: handshake.status, headers: handshake.headers, body: '' };
    const detail = `${connection.source} has no handshake; use POST`;
    return problemAnswer({ status: 405, reason: 'methodNotAllowed', detail, headers: { allow: 'POST' } });
  };

  const take = async ({ connection, delivery }: Door, request: WebhookRequest): Promise<HttpAnswer> => {
    if (request.body.length > bodyBytesLimit) {
      const detail = `the body has ${request.body.length} bytes; ${bodyBytesLimit} are allowed`;
      return problemAnswer({ status: 413, reason: 'bodyTooLarge', detail });
    }
    // Read as text it would be another message than the one that was signed, and JSON is UTF-8 (RFC 8259, section 8.1).
    if (!isUtf8(request.body)) {
      const detail =
        'the body is not UTF-8, perhaps because it is compressed or in UTF-16; send JSON in UTF-8, as it is';
      return problemAnswer({ status: 400, reason: 'bodyNotUtf8', detail });
    }
    const id = connection.connection;
    const full = pace.messages.wait(id);
    if (full > 0) {
      const detail = `connection ${id} sends more messages than it may; nothing was kept: send the same message again`;
      return tooMany(full, 'tooManyMessages', detail);
    }
    const receivedAt = now();
    const message: Message = { body: request.body.toString('utf8'), headers: request.headers, receivedAt };
    const held = (secrets: readonly string[]): Verified =>
      delivery.verify({ message, secrets, now: request.cameAt ?? receivedAt });
    const known = held(await secretsOf(id));
    // A sender may sign with a secret that is newer than the cached ones.
    const verified =
      known.ok || !known.reason.startsWith('signatureWrong') ? known : held(await secretsOf(id, 'afresh'));
    if (!verified.ok) {
      const seconds = pace.unsigned.take(id);
      if (seconds > 0) {
        const detail = `too many messages for connection ${id} had no valid signature: ${verified.reason}`;
        return tooMany(seconds, 'tooManyUnsigned', detail);
      }
      const [reason = 'signatureWrong', ...detail] = verified.reason.split(': ');
      logger.warn('a message had no valid signature', { connectionId: id, reason: verified.reason });
      return problemAnswer({ status: 401, reason, detail: detail.join(': ') });
    }
    pace.messages.take(id);
    const { tenantId, source } = connection;
    const receiptId = newId();
    const key = await receipts.keep({ connection: id, tenantId, source, receiptId, message });
    await heard(connection, receivedAt);
    return jsonAnswer(delivery.acceptedStatus, { receipt: receiptIdOf(key) });
  };

  return async (request) => {
    try {
      const door = await doorOf(request);
      if (door === undefined) return unknownConnection(request);
      if (!door.connection.active) return disabled(request);
      return request.method === 'OPTIONS' ? greet(door, request) : await take(door, request);
    } catch (error) {
      logger.error('a message could not be stored', { connectionId: request.connection, error });
      return unavailable();
    }
  };
};
