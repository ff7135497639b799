// What would IAM check for a call of DynamoDB? Its action on the table or index; for a batch or transaction, the action of each part.

import { arn } from '../core/awsNames.ts';
import type { Need } from '../core/callInterceptor.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { AwsRefusal } from './awsCall.ts';

/** The kinds of parts in a transaction, with the action that each needs. */
const partActions: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
};

/** What a call does on one table: the whole call, or a part of its batch or transaction. */
export interface DynamoPart {
  readonly need: Need;
  readonly table: string;
  readonly index?: string;
  /** The part's own input; for a batch, the batch's entry for the table, which is a list for writes. */
  readonly said: unknown;
}

const objectsOf = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

const partOf = (
  operation: string,
  said: unknown,
  at: { readonly table: unknown; readonly index?: unknown },
): DynamoPart => {
  const [table, index] = [String(at.table), at.index === undefined ? undefined : String(at.index)];
  const resource = index === undefined ? arn.table(table) : `${arn.table(table)}/index/${index}`;
  const need = { action: `dynamodb:${operation}`, resource };
  return { need, table, said, ...(index === undefined ? {} : { index }) };
};

/** The parts of a call. A call whose table can't be found is refused, so that no call passes without a check. */
export function dynamoParts(operation: string, input: JsonObject): readonly DynamoPart[] {
  const { TableName, IndexName, RequestItems } = input;
  if (TableName !== undefined) return [partOf(operation, input, { table: TableName, index: IndexName })];
  const parts = objectsOf(input.TransactItems).flatMap((item) =>
    Object.entries(item).map(([part, said]) => {
      const action = partActions[part];
      if (action === undefined || !isObject(said)) throw unknown(`${operation} with the part ${part}`);
      return partOf(action, said, { table: said.TableName });
    }),
  );
  const batched = isObject(RequestItems)
    ? Object.entries(RequestItems).map(([table, said]) => partOf(operation, said, { table }))
    : [];
  if (parts.length + batched.length === 0) throw unknown(operation);
  return [...parts, ...batched];
}

/** The permissions that a call needs, for each of its parts. */
export const dynamoAccess = (operation: string, input: JsonObject): readonly Need[] =>
  dynamoParts(operation, input).map(({ need }) => need);

function unknown(what: string): AwsRefusal {
  return new AwsRefusal('UnknownOperationException', `The local runtime can't tell which table ${what} touches.`);
}
