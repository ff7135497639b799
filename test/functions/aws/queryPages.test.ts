// Does a query find every item once and in order, however its pages are cut, without a call for a page that nobody reads?
import { randomUUID } from 'node:crypto';
import { CreateTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { queryItems, queryPages } from '../../../functions/aws/queryPages.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { type StoreCalls, storeCalls } from '../../support/storeCalls.ts';

let engine: TestEngine;
let calls: StoreCalls;
const table = `letters-${randomUUID().slice(0, 8)}`;
beforeAll(async () => {
  engine = await startTestEngine();
  await engine.client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['word', 'letter'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'word', KeyType: 'HASH' },
        { AttributeName: 'letter', KeyType: 'RANGE' },
      ],
    }),
  );
  for (const letter of 'abcdefg') {
    await engine.client.send(
      new PutItemCommand({ TableName: table, Item: { word: { S: 'w' }, letter: { S: letter } } }),
    );
  }
});
afterAll(() => engine.stop());
beforeEach(() => {
  calls = storeCalls(engine);
});

const lettersOf = (word: string) => ({
  TableName: table,
  KeyConditionExpression: 'word = :word',
  ExpressionAttributeValues: { ':word': { S: word } },
});
const asked = (limit: number, word = 'w') => ({ client: calls.client, query: { ...lettersOf(word), Limit: limit } });
const textOf = (items: readonly { readonly letter?: { readonly S?: string } }[]): string =>
  items.map(({ letter }) => letter?.S).join('');

test('a query finds every item once and in order, with one call per page', async () => {
  const pages = await Array.fromAsync(queryPages(asked(3)));
  expect(pages.map(({ items }) => textOf(items))).toEqual(['abc', 'def', 'g']);
  expect(pages.map(({ next }) => next?.letter?.S)).toEqual(['c', 'f', undefined]);
  expect(calls.taken()).toHaveLength(3);
  expect(textOf(await Array.fromAsync(queryItems(asked(2))))).toBe('abcdefg');
});

test('a query that finds nothing is one call and one empty page', async () => {
  expect(await Array.fromAsync(queryPages(asked(3, 'x')))).toEqual([{ items: [] }]);
  expect(calls.taken()).toHaveLength(1);
});

test('a caller that stops early causes no call for a further page', async () => {
  for await (const { letter } of queryItems(asked(3))) if (letter?.S === 'd') break;
  expect(calls.taken()).toHaveLength(2);
});

test('pages begin after the start key', async () => {
  const [first] = await Array.fromAsync(queryPages(asked(3)));
  const { query, client } = asked(10);
  const rest = await Array.fromAsync(queryItems({ client, query: { ...query, ExclusiveStartKey: first?.next } }));
  expect(textOf(rest)).toBe('defg');
});

test('each page may have a limit of its own', async () => {
  const limitOf = (page: number): number => (page === 0 ? 1 : 4);
  const pages = await Array.fromAsync(queryPages({ client: calls.client, query: lettersOf('w'), limitOf }));
  expect(pages.map(({ items }) => textOf(items))).toEqual(['a', 'bcde', 'fg']);
});
