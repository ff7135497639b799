// Does the real client of the parameter store get from the local endpoint what AWS would answer it?
import { GetParameterCommand, GetParametersCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { account, region, startAwsEndpoints, type TestEndpoints } from '../../../support/awsEndpoints.ts';

let here: TestEndpoints;
beforeEach(async () => {
  here = await startAwsEndpoints();
});
afterEach(() => here.stop());

test('a parameter is put, read only with decryption, and refused by name where it is missing', async () => {
  const { clock, ssm } = here;
  const Name = '/throughline/Throughline/connections/crm';
  const put = (Value: string, Overwrite?: boolean) =>
    ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite }));
  expect((await put('one')).Version).toBe(1);
  await expect(put('two')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
  expect((await put('two', true)).Version).toBe(2);

  const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
  expect(Parameter).toMatchObject({
    Name,
    Value: 'two',
    Version: 2,
    Type: 'SecureString',
    LastModifiedDate: new Date(clock.now()),
    ARN: `arn:aws:ssm:${region}:${account}:parameter/throughline/Throughline/connections/crm`,
  });
  await expect(ssm.send(new GetParameterCommand({ Name }))).rejects.toMatchObject({
    message: 'Parameters of the local runtime are SecureStrings: set WithDecryption to read one.',
  });
  const many = await ssm.send(new GetParametersCommand({ Names: [Name, '/none'], WithDecryption: true }));
  expect(many.Parameters?.map(({ Value }) => Value)).toEqual(['two']);
  expect(many.InvalidParameters).toEqual(['/none']);
  await expect(ssm.send(new GetParameterCommand({ Name: '/none', WithDecryption: true }))).rejects.toMatchObject({
    name: 'ParameterNotFound',
    message: 'There is no parameter "/none" here.',
  });
});
