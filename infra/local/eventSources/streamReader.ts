// Which records come next in a table's stream? They are read from a checkpoint on, through the engine's DynamoDB Streams API.

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
  /** The ARN of the stream in the functions' events. */
  readonly streamArn: string;
  /** The name of its checkpoint. A table that was made again has a new stream, so a new checkpoint. */
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

interface EngineStream {
  /** The engine's own name of the stream. */
  arn(): Promise<string>;
  shards(): Promise<readonly JsonObject[]>;
  iteratorAt(position: Position): Promise<string>;
}

/** The stream's description from the engine. */
function engineStream(call: EngineCall, table: string): EngineStream {
  let found: string | undefined;
  const streamArn = async (): Promise<string> => {
    if (found !== undefined) return found;
    const { Table } = await call('DescribeTable', { TableName: table });
    found = isObject(Table) ? text(Table.LatestStreamArn) : undefined;
    if (found === undefined)
      throw new Error(`A mapping of the template reads the stream of table ${table}, but the table has none.`);
    return found;
  };
  return {
    arn: streamArn,
    async shards() {
      const { StreamDescription } = await call('DescribeStream', { StreamArn: await streamArn() });
      const listed = isObject(StreamDescription) ? StreamDescription.Shards : [];
      return (Array.isArray(listed) ? listed : []).filter(isObject);
    },
    async iteratorAt({ shard, after }) {
      const { ShardIterator } = await call('GetShardIterator', {
        StreamArn: await streamArn(),
        ShardId: shard,
        ShardIteratorType: after === undefined ? 'TRIM_HORIZON' : 'AFTER_SEQUENCE_NUMBER',
        ...(after === undefined ? {} : { SequenceNumber: after }),
      });
      return text(ShardIterator) ?? '';
    },
  };
}

/** Makes the reader of a table's stream. */
export function createStreamReader(call: EngineCall, table: string): StreamReader {
  const streamArn = arn.stream(table);
  const stream = engineStream(call, table);
  let next: (Position & { readonly iterator: string }) | undefined;

  async function readAfter(from: Position, limit: number): ReturnType<StreamReader['read']> {
    const { shard, after } = from;
    const kept = next?.shard === shard && next.after === after ? next.iterator : undefined;
    next = undefined;
    const ShardIterator = kept ?? (await stream.iteratorAt(from));
    const answer = await call('GetRecords', { ShardIterator, Limit: limit });
    const records = (Array.isArray(answer.Records) ? answer.Records : []).map((record) => toRecord(record, streamArn));
    const following = text(answer.NextShardIterator);
    if (following !== undefined) {
      const last = records.at(-1)?.dynamodb.SequenceNumber ?? after;
      next = { shard, ...(last !== undefined && { after: last }), iterator: following };
      return { records, shard, moved: false };
    }
    if (records.length > 0) return { records, shard, moved: false };
    // The shard has ended (the embedded engine's never does, whatever its EndingSequenceNumber says): on to its child.
    const child = text((await stream.shards()).find(({ ParentShardId }) => ParentShardId === shard)?.ShardId);
    return { records, shard: child ?? shard, moved: child !== undefined };
  }

  return {
    streamArn,
    async checkpointName(consumer) {
      return `stream ${await stream.arn()} ${consumer}`;
    },
    async read(from, limit) {
      const shard = from?.shard ?? text((await stream.shards())[0]?.ShardId);
      if (shard === undefined) return { records: [], shard: '', moved: false };
      try {
        return await readAfter({ ...from, shard }, limit);
      } catch (error) {
        const isTrimmed = error instanceof EngineError && error.code === 'TrimmedDataAccessException';
        if (isTrimmed && from?.after !== undefined) return readAfter({ shard }, limit);
        throw error;
      }
    },
  };
}
