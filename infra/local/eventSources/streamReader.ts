// What comes next in a table's stream? Reads it from where a checkpoint stands, through the engine's DynamoDB Streams API.

import { arn, place } from '../core/awsNames.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { type EngineCall, EngineError } from '../storage/engineCall.ts';

/** A change of an item, in the form in which Lambda hands it to a function. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly eventVersion: string;
  readonly eventSource: string;
  readonly awsRegion: string;
  readonly eventSourceARN: string;
  readonly dynamodb: JsonObject & { readonly SequenceNumber: string; readonly ApproximateCreationDateTime?: number };
}

/** A place in a stream: after this record of this shard; at the shard's beginning without one. */
export interface Position {
  readonly shard: string;
  readonly after?: string;
}

export interface StreamReader {
  /** The ARN under which functions know the stream. */
  readonly streamArn: string;
  /** The name under which its checkpoint is kept: a table made anew has a new stream. */
  checkpointName(consumer: string): Promise<string>;
  /** Up to `limit` records after a position, with the position after each; `moved` where a shard ended and another begins. */
  read(
    from: Position | undefined,
    limit: number,
  ): Promise<{ readonly records: readonly StreamRecord[]; readonly shard: string; readonly moved: boolean }>;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function toRecord(value: unknown, streamArn: string): StreamRecord {
  const record = isObject(value) ? value : {};
  const change = isObject(record.dynamodb) ? record.dynamodb : {};
  const created = change.ApproximateCreationDateTime;
  return {
    eventID: String(record.eventID),
    eventName: String(record.eventName),
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: place.region,
    eventSourceARN: streamArn,
    dynamodb: {
      ...change,
      SequenceNumber: String(change.SequenceNumber),
      ...(typeof created === 'number' ? { ApproximateCreationDateTime: created } : {}),
    },
  };
}

/** Makes the reader of a table's stream. */
export function createStreamReader(call: EngineCall, table: string): StreamReader {
  const streamArn = arn.stream(table);
  let engineArn: string | undefined;
  let next: { readonly shard: string; readonly after: string | undefined; readonly iterator: string } | undefined;

  async function findStream(): Promise<string> {
    if (engineArn !== undefined) return engineArn;
    const { Table } = await call('DescribeTable', { TableName: table });
    engineArn = isObject(Table) ? text(Table.LatestStreamArn) : undefined;
    if (engineArn === undefined)
      throw new Error(`Table ${table} has no stream, which a mapping of the template reads.`);
    return engineArn;
  }

  async function shards(): Promise<readonly JsonObject[]> {
    const { StreamDescription } = await call('DescribeStream', { StreamArn: await findStream() });
    const listed = isObject(StreamDescription) ? StreamDescription.Shards : [];
    return (Array.isArray(listed) ? listed : []).filter(isObject);
  }

  async function iteratorAt({ shard, after }: Position): Promise<string> {
    const common = { StreamArn: await findStream(), ShardId: shard };
    const type = after === undefined ? 'TRIM_HORIZON' : 'AFTER_SEQUENCE_NUMBER';
    const found = await call('GetShardIterator', {
      ...common,
      ShardIteratorType: type,
      ...(after === undefined ? {} : { SequenceNumber: after }),
    });
    return text(found.ShardIterator) ?? '';
  }

  return {
    streamArn,
    async checkpointName(consumer) {
      return `stream ${await findStream()} ${consumer}`;
    },
    async read(from, limit) {
      const shard = from?.shard ?? text((await shards())[0]?.ShardId);
      if (shard === undefined) return { records: [], shard: '', moved: false };
      const after = from?.after;
      const kept = next !== undefined && next.shard === shard && next.after === after ? next.iterator : undefined;
      next = undefined;
      try {
        const iterator = kept ?? (await iteratorAt({ shard, ...(after === undefined ? {} : { after }) }));
        const answer = await call('GetRecords', { ShardIterator: iterator, Limit: limit });
        const records = (Array.isArray(answer.Records) ? answer.Records : []).map((record) =>
          toRecord(record, streamArn),
        );
        const following = text(answer.NextShardIterator);
        if (following !== undefined) {
          next = { shard, after: records.at(-1)?.dynamodb.SequenceNumber ?? after, iterator: following };
          return { records, shard, moved: false };
        }
        if (records.length > 0) return { records, shard, moved: false };
        // The shard has ended (the embedded engine's never does, whatever its EndingSequenceNumber says): on to its child.
        const child = text((await shards()).find(({ ParentShardId }) => ParentShardId === shard)?.ShardId);
        return { records, shard: child ?? shard, moved: child !== undefined };
      } catch (error) {
        if (error instanceof EngineError && error.code === 'TrimmedDataAccessException' && after !== undefined) {
          return this.read({ shard }, limit);
        }
        throw error;
      }
    },
  };
}
