// Is a call that is answered in part carried out in that part, and only in that?
import { expect, test } from 'vitest';
import { partlyOf } from '../../infra/faults/partialAnswer.ts';
import { cut, type Pass, type ServiceCall } from '../../infra/local/core/callInterceptor.ts';
import { isObject, type JsonObject } from '../../infra/local/core/json.ts';

const answered = async (operation: string, input: JsonObject, body: (passed: JsonObject) => object) => {
  const call: ServiceCall = { caller: 'Relay', service: 'events', operation, input, needs: [] };
  const passed: JsonObject[] = [];
  const pass: Pass = async (changed = input) => {
    passed.push(changed);
    return { status: 200, headers: {}, body: JSON.stringify(body(changed)) };
  };
  const answer = await partlyOf(operation)?.(call, pass);
  if (answer === undefined || answer === cut) throw new Error('expected an answer');
  const said: unknown = JSON.parse(answer.body);
  return { passed, status: answer.status, said: isObject(said) ? said : {} };
};

const entriesOf = ({ Entries }: JsonObject): readonly unknown[] => (Array.isArray(Entries) ? Entries : []);

test('half of the events are put, and each other one has an error', async () => {
  const Entries = [1, 2, 3].map((Detail) => ({ Detail }));
  const { passed, said } = await answered('PutEvents', { Entries }, (input) => ({
    FailedEntryCount: 0,
    Entries: entriesOf(input).map(() => ({ EventId: 'e' })),
  }));
  expect(passed.map(entriesOf)).toEqual([[{ Detail: 1 }]]);
  expect(said).toMatchObject({
    FailedEntryCount: 2,
    Entries: [{ EventId: 'e' }, { ErrorCode: 'InternalFailure' }, { ErrorCode: 'InternalFailure' }],
  });
});

test('a single message is not sent, and no call is made', async () => {
  const { passed, said } = await answered('SendMessageBatch', { Entries: [{ Id: '0' }] }, () => ({}));
  expect(passed).toEqual([]);
  expect(said).toMatchObject({ Successful: [], Failed: [{ Id: '0', SenderFault: false }] });
});

test('keys that were not read come back as unprocessed, with the options of the request', async () => {
  const RequestItems = { events: { Keys: [{ id: 1 }, { id: 2 }], ConsistentRead: true } };
  const { passed, said } = await answered('BatchGetItem', { RequestItems }, () => ({ Responses: { events: [] } }));
  expect(passed).toEqual([{ RequestItems: { events: { Keys: [{ id: 1 }], ConsistentRead: true } } }]);
  expect(said.UnprocessedKeys).toEqual({ events: { Keys: [{ id: 2 }], ConsistentRead: true } });
});

test('a transaction is done completely or not at all, with a conflict', async () => {
  const { passed, status, said } = await answered(
    'TransactWriteItems',
    { TransactItems: [{ Put: {} }, { Put: {} }] },
    () => ({}),
  );
  expect(passed).toEqual([]);
  expect(status).toBe(400);
  expect(said).toMatchObject({ CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }] });
});

test('a page of a query ends early', async () => {
  const { passed } = await answered('Query', { TableName: 'events' }, () => ({}));
  expect(passed).toEqual([{ TableName: 'events', Limit: 1 }]);
});
