// How do the local parameters answer SSM's calls?

import type { ParameterStore } from '../storage/parameterStore.ts';
import { AwsRefusal, type Operation, type Operations } from './awsCall.ts';

interface ParameterCalls {
  readonly parameters: ParameterStore;
  readonly arnOf: (name: string) => string;
}

function read({ parameters, arnOf }: ParameterCalls, name: string): Readonly<Record<string, unknown>> | undefined {
  const found = parameters.describe(name);
  if (found === undefined) return undefined;
  const { value: Value, version: Version, changedAt } = found;
  const LastModifiedDate = changedAt / 1000;
  return { Name: name, Type: 'SecureString', Value, Version, LastModifiedDate, ARN: arnOf(name), DataType: 'text' };
}

function needDecryption(decrypts: boolean): void {
  if (decrypts) return;
  throw new AwsRefusal(
    'ValidationException',
    'Parameters of the local runtime are SecureStrings: set WithDecryption to read one.',
  );
}

const getParameter =
  (calls: ParameterCalls): Operation =>
  (input) => {
    const name = input.text('Name');
    return {
      permission: 'ssm:GetParameter',
      resources: [calls.arnOf(name)],
      run() {
        const Parameter = read(calls, name);
        if (Parameter === undefined) throw new AwsRefusal('ParameterNotFound', `There is no parameter "${name}" here.`);
        needDecryption(input.flag('WithDecryption'));
        return { Parameter };
      },
    };
  };

const getParameters =
  (calls: ParameterCalls): Operation =>
  (input) => {
    const names = input.texts('Names');
    return {
      permission: 'ssm:GetParameters',
      resources: names.map(calls.arnOf),
      run() {
        if (names.length < 1 || names.length > 10) {
          throw new AwsRefusal('ValidationException', `GetParameters takes 1 to 10 names, not ${names.length}.`);
        }
        const found = names.map((name) => read(calls, name)).filter((parameter) => parameter !== undefined);
        if (found.length > 0) needDecryption(input.flag('WithDecryption'));
        const InvalidParameters = names.filter((name) => calls.parameters.get(name) === undefined);
        return { Parameters: found, InvalidParameters };
      },
    };
  };

const putParameter =
  ({ parameters, arnOf }: ParameterCalls): Operation =>
  (input) => {
    const name = input.text('Name');
    const value = input.text('Value');
    return {
      permission: 'ssm:PutParameter',
      resources: [arnOf(name)],
      run() {
        const existing = parameters.get(name) !== undefined;
        const type = input.optionalText('Type');
        if (type !== 'SecureString' && !(existing && type === undefined)) {
          const message = `Parameters here are of Type SecureString, not ${type ?? 'absent'}.`;
          throw new AwsRefusal('ValidationException', message);
        }
        if (existing && !input.flag('Overwrite')) {
          throw new AwsRefusal('ParameterAlreadyExists', `The parameter "${name}" already exists: set Overwrite.`);
        }
        return { Version: parameters.put(name, value), Tier: 'Standard' };
      },
    };
  };

/**
 * SSM's operations on parameters, with the input members that each one reads. All parameters are SecureStrings. A read
 * without `WithDecryption` is refused: AWS would answer the ciphertext, which no caller here can use.
 */
export function parameterOperations(options: {
  readonly parameters: ParameterStore;
  readonly region: string;
  readonly account: string;
}): Operations {
  const { parameters, region, account } = options;
  const calls = {
    parameters,
    arnOf: (name: string) => `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}`,
  };
  return new Map([
    ['GetParameter', [['Name', 'WithDecryption'], getParameter(calls)]],
    ['GetParameters', [['Names', 'WithDecryption'], getParameters(calls)]],
    ['PutParameter', [['Name', 'Value', 'Type', 'Overwrite', 'Description'], putParameter(calls)]],
  ]);
}
