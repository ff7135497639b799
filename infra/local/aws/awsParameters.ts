// How do the local parameters answer SSM's calls?

import type { ParameterStore } from '../storage/parameterStore.ts';
import { AwsRefusal, type Operation } from './awsCall.ts';

/**
 * SSM's operations on parameters, with the members that each heeds. All parameters are SecureStrings, and reading one
 * without `WithDecryption` is refused: AWS would answer its ciphertext, which no caller here wants.
 */
export function parameterOperations(options: {
  readonly parameters: ParameterStore;
  readonly region: string;
  readonly account: string;
}): ReadonlyMap<string, readonly [readonly string[], Operation]> {
  const { parameters, region, account } = options;
  const arnOf = (name: string) => `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}`;

  function read(name: string): Readonly<Record<string, unknown>> | undefined {
    const found = parameters.describe(name);
    if (found === undefined) return undefined;
    const { value: Value, version: Version, changedAt } = found;
    const LastModifiedDate = changedAt / 1000;
    return { Name: name, Type: 'SecureString', Value, Version, LastModifiedDate, ARN: arnOf(name), DataType: 'text' };
  }

  function needDecryption(decrypts: boolean): void {
    if (decrypts) return;
    throw new AwsRefusal('ValidationException', 'Parameters here are SecureStrings: set WithDecryption to read one.');
  }

  const getParameter: Operation = (input) => {
    const name = input.text('Name');
    return {
      permission: 'ssm:GetParameter',
      resources: [arnOf(name)],
      run() {
        const Parameter = read(name);
        if (Parameter === undefined) throw new AwsRefusal('ParameterNotFound', `There is no parameter "${name}" here.`);
        needDecryption(input.flag('WithDecryption'));
        return { Parameter };
      },
    };
  };

  const getParameters: Operation = (input) => {
    const names = input.texts('Names');
    return {
      permission: 'ssm:GetParameters',
      resources: names.map(arnOf),
      run() {
        if (names.length < 1 || names.length > 10) {
          throw new AwsRefusal('ValidationException', `GetParameters takes 1 to 10 names, not ${names.length}.`);
        }
        const found = names.map(read).filter((parameter) => parameter !== undefined);
        if (found.length > 0) needDecryption(input.flag('WithDecryption'));
        return { Parameters: found, InvalidParameters: names.filter((name) => parameters.get(name) === undefined) };
      },
    };
  };

  const putParameter: Operation = (input) => {
    const name = input.text('Name');
    const value = input.text('Value');
    return {
      permission: 'ssm:PutParameter',
      resources: [arnOf(name)],
      run() {
        const existing = parameters.get(name) !== undefined;
        const type = input.optionalText('Type');
        if (type !== 'SecureString' && !(existing && type === undefined)) {
          throw new AwsRefusal(
            'ValidationException',
            `Parameters here are of Type SecureString, not ${type ?? 'absent'}.`,
          );
        }
        if (existing && !input.flag('Overwrite')) {
          throw new AwsRefusal('ParameterAlreadyExists', `The parameter "${name}" already exists: set Overwrite.`);
        }
        return { Version: parameters.put(name, value), Tier: 'Standard' };
      },
    };
  };

  return new Map([
    ['GetParameter', [['Name', 'WithDecryption'], getParameter]],
    ['GetParameters', [['Names', 'WithDecryption'], getParameters]],
    ['PutParameter', [['Name', 'Value', 'Type', 'Overwrite', 'Description'], putParameter]],
  ]);
}
