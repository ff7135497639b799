// How do tests change the event store behind its back? Item by item, with the hash that a changed text would have.
import { type AttributeValue, DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { hashOf } from '../../../functions/store/commit.ts';
import type { TestEngine } from '../../support/engine.ts';

export type Item = Record<string, AttributeValue>;

/** The items of an events table. */
export const storedItems = ({ client }: Pick<TestEngine, 'client'>, TableName: string) => {
  const keyOf = (stream: string, version: number) => ({ stream: { S: stream }, version: { N: String(version) } });
  return {
    at: async (stream: string, version: number): Promise<Item> => {
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: keyOf(stream, version) }));
      if (Item === undefined) throw new Error(`${stream} has no commit of version ${version}`);
      return Item;
    },
    put: (Item: Item) => client.send(new PutItemCommand({ TableName, Item })),
    remove: (stream: string, version: number) =>
      client.send(new DeleteItemCommand({ TableName, Key: keyOf(stream, version) })),
  };
};

export const textIn = (item: Item): string => item.events?.S ?? '';

/** The item with another text, and the hash that this text has there. */
export const retold = (item: Item, text: string): Item => ({
  ...item,
  events: { S: text },
  hash: { S: hashOf(item.prevHash?.S ?? '', text) },
});

/** The commit that would follow an item, of the same events with another version and a right hash, each changed by `change`. */
export const following = (item: Item, version: number, change: (text: string) => string): Item => {
  const { shard: _, ...kept } = item;
  const next = { ...kept, version: { N: String(version + 1) }, prevHash: item.hash ?? { S: '' } };
  return retold(next, change(textIn(item).replace(`"version":${version}`, `"version":${version + 1}`)));
};
