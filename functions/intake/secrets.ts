// Which secrets of a connection may sign its messages?
// The webhook calls it; it reads the parameter store, and caches each answer for a minute.
import { SSMProvider } from '@aws-lambda-powertools/parameters/ssm';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { epochOf } from '../../events/instant.ts';
import { secretsIn } from './secretParameter.ts';

/**
 * The valid secrets of a connection: one, or several while a secret is replaced. `afresh` reads what is older than some seconds
 * again. Throws where the parameter is missing or malformed.
 */
export type SecretsOf = (connectionId: string, afresh?: 'afresh') => Promise<readonly string[]>;

export interface SecretsSettings {
  /** Called when the first secret is read. */
  readonly client: () => SSMClient;
  /** The path of the parameters. */
  readonly prefix: string;
  readonly now: () => string;
}

const keptSeconds = 60;

/** So often a wrong signature may have a connection's secrets read again: a forger must not use up the parameter store's rate. */
const afreshAfterMs = 5_000;

/** Reads secrets decrypted, and caches each for a minute. */
export const createSecrets = ({ client, prefix, now }: SecretsSettings): SecretsOf => {
  let provider: SSMProvider | undefined;
  const readAgainAt = new Map<string, number>();
  return async (connectionId, afresh) => {
    const at = now();
    const lastRead = readAgainAt.get(connectionId) ?? Number.NEGATIVE_INFINITY;
    const forceFetch = afresh !== undefined && epochOf(at) >= lastRead + afreshAfterMs;
    if (forceFetch) readAgainAt.set(connectionId, epochOf(at));
    const name = `${prefix}/${connectionId}`;
    provider ??= new SSMProvider({ awsSdkV3Client: client() });
    const text = await provider.get(name, { decrypt: true, maxAge: keptSeconds, forceFetch });
    if (text === undefined || text === '') throw new Error(`connection ${connectionId} has no secret`);
    try {
      return secretsIn(text, at);
    } catch {
      // Without the cause, which would contain the secret.
      throw new Error(`the parameter of connection ${connectionId} is not { "secrets": [ … ] }`);
    }
  };
};
