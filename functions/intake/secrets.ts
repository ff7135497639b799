// Which secrets of a connection may sign its messages?
// The webhook calls it; it reads the parameter store, and caches each answer for a minute.
import { SSMProvider } from '@aws-lambda-powertools/parameters/ssm';
import type { SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';

/** The valid secrets of a connection: one, or two while a secret is replaced. Throws where the parameter is missing or malformed. */
export type SecretsOf = (connectionId: string) => Promise<readonly string[]>;

export interface SecretsSettings {
  readonly client: SSMClient;
  /** The path of the parameters. */
  readonly prefix: string;
}

const keptSeconds = 60;

const Parameter = z.object({ secrets: z.array(z.string().min(1)).min(1) });

/** A parameter holds `{ "secrets": [ … ] }`, or a secret alone. */
const secretsIn = (text: string): readonly string[] => {
  if (!text.trimStart().startsWith('{')) return [text.trim()];
  return Parameter.parse(JSON.parse(text)).secrets;
};

/** Reads secrets decrypted, and caches each for a minute. */
export const createSecrets = ({ client, prefix }: SecretsSettings): SecretsOf => {
  const provider = new SSMProvider({ awsSdkV3Client: client });
  return async (connectionId) => {
    const text = await provider.get(`${prefix}/${connectionId}`, { decrypt: true, maxAge: keptSeconds });
    if (text === undefined || text === '') throw new Error(`connection ${connectionId} has no secret`);
    try {
      return secretsIn(text);
    } catch {
      // Without the cause, which would contain the secret.
      throw new Error(`the parameter of connection ${connectionId} is not { "secrets": [ … ] }`);
    }
  };
};
