// What would IAM ask about a call of DynamoDB? Its action on the table or index; of a batch or transaction, each part's own.
import { AwsRefusal } from './awsCall.ts';
import type { Need } from './gate.ts';
import { arn } from './place.ts';
import { isObject, type JsonObject } from './properties.ts';

/** The parts of a transaction, by the action that each needs. */
const partActions: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
};

const objectsOf = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

const need = (operation: string, tableName: unknown, indexName?: unknown): Need => {
  const table = arn.table(String(tableName));
  const resource = indexName === undefined ? table : `${table}/index/${String(indexName)}`;
  return { action: `dynamodb:${operation}`, resource };
};

/** The needs of a call; one that names no table in a way that is known here is refused, so that nothing passes unseen. */
export function dynamoNeeds(operation: string, input: JsonObject): readonly Need[] {
  const { TableName, IndexName, RequestItems } = input;
  const parts = objectsOf(input.TransactItems).flatMap((item) =>
    Object.entries(item).map(([part, said]) => {
      const action = partActions[part];
      if (action === undefined || !isObject(said)) throw unknown(`${operation} with the part ${part}`);
      return need(action, said.TableName);
    }),
  );
  const batched = isObject(RequestItems) ? Object.keys(RequestItems).map((table) => need(operation, table)) : [];
  const needs = TableName === undefined ? [...parts, ...batched] : [need(operation, TableName, IndexName)];
  if (needs.length === 0) throw unknown(operation);
  return needs;
}

function unknown(what: string): AwsRefusal {
  return new AwsRefusal('UnknownOperationException', `The local runtime can't say what ${what} touches.`);
}
