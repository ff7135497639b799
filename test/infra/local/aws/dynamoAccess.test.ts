// Does the seam know everything that a call of DynamoDB touches?
import { expect, test } from 'vitest';
import { dynamoAccess } from '../../../../infra/local/aws/dynamoAccess.ts';
import { arn } from '../../../../infra/local/core/awsNames.ts';

const heads = arn.table('heads');
const flags = arn.table('flags');

test('a call on a table needs its action there; a query of an index needs it on the index', () => {
  expect(dynamoAccess('PutItem', { TableName: 'heads' })).toEqual([{ action: 'dynamodb:PutItem', resource: heads }]);
  expect(dynamoAccess('Query', { TableName: 'heads', IndexName: 'due' })).toEqual([
    { action: 'dynamodb:Query', resource: `${heads}/index/due` },
  ]);
});

test('a batch and a transaction need the permissions of all their parts', () => {
  expect(dynamoAccess('BatchGetItem', { RequestItems: { heads: {}, flags: {} } })).toEqual([
    { action: 'dynamodb:BatchGetItem', resource: heads },
    { action: 'dynamodb:BatchGetItem', resource: flags },
  ]);
  const TransactItems = [
    { Put: { TableName: 'heads' } },
    { Delete: { TableName: 'flags' } },
    { ConditionCheck: { TableName: 'heads' } },
  ];
  expect(dynamoAccess('TransactWriteItems', { TransactItems })).toEqual([
    { action: 'dynamodb:PutItem', resource: heads },
    { action: 'dynamodb:DeleteItem', resource: flags },
    { action: 'dynamodb:ConditionCheckItem', resource: heads },
  ]);
});

test('a call whose table is unknown is refused', () => {
  expect(() => dynamoAccess('ExecuteStatement', { Statement: 'SELECT * FROM heads' })).toThrow(
    "The local runtime can't tell which table ExecuteStatement touches.",
  );
  expect(() => dynamoAccess('TransactWriteItems', { TransactItems: [{ Merge: { TableName: 'heads' } }] })).toThrow(
    'TransactWriteItems with the part Merge',
  );
});
