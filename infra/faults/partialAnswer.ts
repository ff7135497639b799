// How is a call answered in part? Some of its entries are carried out, and the answer says which were not, as the service would.
import { cut, type Pass, type ServiceAnswer, type ServiceCall } from '../local/core/callInterceptor.ts';
import { isObject, type JsonObject } from '../local/core/json.ts';
import { conflictAnswer } from './refusedAnswer.ts';

export type Partly = (call: ServiceCall, pass: Pass) => Promise<ServiceAnswer | typeof cut>;

const objects = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

const json = (body: object): ServiceAnswer => ({ status: 200, headers: {}, body: JSON.stringify(body) });

/** The answer's members; undefined where the call was not answered with success. */
const members = (answer: ServiceAnswer | typeof cut): JsonObject | undefined => {
  if (answer === cut || answer.status !== 200) return undefined;
  const read: unknown = JSON.parse(answer.body);
  return isObject(read) ? read : undefined;
};

/** The first half is carried out; of one entry none. */
const half = <T>(entries: readonly T[]): readonly [readonly T[], readonly T[]] => {
  const through = Math.floor(entries.length / 2);
  return [entries.slice(0, through), entries.slice(through)];
};

const putEvents: Partly = async (call, pass) => {
  const [through, failed] = half(objects(call.input.Entries));
  const answer = through.length === 0 ? json({ Entries: [] }) : await pass({ ...call.input, Entries: through });
  const said = members(answer);
  if (said === undefined) return answer;
  const lost = failed.map(() => ({ ErrorCode: 'InternalFailure', ErrorMessage: 'Not this one, the fault plan says.' }));
  return json({ FailedEntryCount: lost.length, Entries: [...objects(said.Entries), ...lost] });
};

const sendMessageBatch: Partly = async (call, pass) => {
  const [through, failed] = half(objects(call.input.Entries));
  const answer = through.length === 0 ? json({ Successful: [] }) : await pass({ ...call.input, Entries: through });
  const said = members(answer);
  if (said === undefined) return answer;
  const lost = failed.map(({ Id }) => ({ Id, SenderFault: false, Code: 'InternalError' }));
  return json({ Successful: said.Successful ?? [], Failed: lost });
};

const batchGetItem: Partly = async (call, pass) => {
  const asked = Object.entries(isObject(call.input.RequestItems) ? call.input.RequestItems : {});
  const parts = asked.map(([table, wanted]) => {
    const [through, left] = half(objects(isObject(wanted) ? wanted.Keys : []));
    return { table, wanted: isObject(wanted) ? wanted : {}, through, left };
  });
  const some = parts.filter(({ through }) => through.length > 0);
  const RequestItems = Object.fromEntries(
    some.map(({ table, wanted, through }) => [table, { ...wanted, Keys: through }]),
  );
  const answer = some.length === 0 ? json({ Responses: {} }) : await pass({ ...call.input, RequestItems });
  const said = members(answer);
  if (said === undefined) return answer;
  const left = parts.map(({ table, wanted, left: Keys }) => [table, { ...wanted, Keys }]);
  return json({ ...said, UnprocessedKeys: Object.fromEntries(left) });
};

/** A page ends where DynamoDB likes. */
const query: Partly = (call, pass) => pass({ ...call.input, Limit: 1 });

/** A transaction knows no part: it meets another one, and nothing of it is done. */
const transactWriteItems: Partly = async (call) => conflictAnswer(objects(call.input.TransactItems).length);

const partly: ReadonlyMap<string, Partly> = new Map([
  ['PutEvents', putEvents],
  ['SendMessageBatch', sendMessageBatch],
  ['BatchGetItem', batchGetItem],
  ['Query', query],
  ['TransactWriteItems', transactWriteItems],
]);

/** How an operation is answered in part; undefined where it knows only all or nothing. */
export const partlyOf = (operation: string): Partly | undefined => partly.get(operation);
