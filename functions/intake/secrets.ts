// With which secrets does a sender sign? Those that lie in the parameter store under its connection's id: one, or two during a roll.
import { SSMProvider } from '@aws-lambda-powertools/parameters/ssm';
import type { SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';

/** The secrets in force for a connection. Throws where there is no parameter, or none that can be read. */
export type SecretsOf = (connectionId: string) => Promise<readonly string[]>;

export interface SecretsSettings {
  readonly client: SSMClient;
  /** The path under which the parameters lie. */
  readonly prefix: string;
}

const keptSeconds = 60;

const Parameter = z.object({ secrets: z.array(z.string().min(1)).min(1) });

/** A parameter holds `{ "secrets": [ … ] }`, or a secret alone. */
const secretsIn = (text: string): readonly string[] => {
  if (!text.trimStart().startsWith('{')) return [text.trim()];
  return Parameter.parse(JSON.parse(text)).secrets;
};

/** Reads secrets decrypted, and keeps each for a minute. */
export const createSecrets = ({ client, prefix }: SecretsSettings): SecretsOf => {
  const provider = new SSMProvider({ awsSdkV3Client: client });
  return async (connectionId) => {
    const text = await provider.get(`${prefix}/${connectionId}`, { decrypt: true, maxAge: keptSeconds });
    if (text === undefined || text === '') throw new Error(`connection ${connectionId} has no secret`);
    try {
      return secretsIn(text);
    } catch {
      // Not the cause: it would carry the text.
      throw new Error(`the parameter of connection ${connectionId} is not { "secrets": [ … ] }`);
    }
  };
};
