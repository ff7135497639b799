// What is a partial answer to a call? Some entries are carried out, and the answer names the others, in the service's own form.
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

/** The first half of the entries is carried out; a single entry is not. */
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

/** DynamoDB may end a page anywhere. */
const query: Partly = (call, pass) => pass({ ...call.input, Limit: 1 });

/** A transaction has no partial answer: it conflicts with another one, and nothing is done. */
const transactWriteItems: Partly = async (call) => conflictAnswer(objects(call.input.TransactItems).length);

const partly: ReadonlyMap<string, Partly> = new Map([
  ['PutEvents', putEvents],
  ['SendMessageBatch', sendMessageBatch],
  ['BatchGetItem', batchGetItem],
  ['Query', query],
  ['TransactWriteItems', transactWriteItems],
]);

/** The partial answer of an operation; undefined where an operation is all or nothing. */
export const partlyOf = (operation: string): Partly | undefined => partly.get(operation);
