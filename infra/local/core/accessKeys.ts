// With which secrets do clients sign their calls of this instance's AWS endpoints? Each access key has its own, made of a key that is random per data directory.
// The runtime and the operator's commands call it; it reads and writes two files of the data directory.
import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { operatorKey } from './awsNames.ts';
import { dataFiles } from './dataDirectory.ts';
import { writePrivateFile, writePrivateFileOnce } from './privateFile.ts';
import { namingFaults, refuseDamaged } from './storageFault.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface AccessKeys {
  /** The secret of a function's access key (its name), or of the operator's. Nobody can tell one secret from another. */
  secretOf(accessKeyId: string): string;
  credentialsOf(accessKeyId: string): Credentials;
}

const keyBytes = 32;

const whenDamaged =
  'It holds the key of which the secrets of the AWS endpoints are made. Delete it and start again: a new one is made, and tools read the ' +
  'new secret in the file credentials.';

/** Access keys whose secrets are made of this key. */
export function accessKeysOf(key: Buffer): AccessKeys {
  const secretOf = (accessKeyId: string): string => createHmac('sha256', key).update(accessKeyId).digest('base64url');
  return { secretOf, credentialsOf: (accessKeyId) => ({ accessKeyId, secretAccessKey: secretOf(accessKeyId) }) };
}

/** The operator's credentials as AWS's own tools read them: `AWS_SHARED_CREDENTIALS_FILE=DIR/credentials aws …`. */
const credentialsFile = (keys: AccessKeys): string =>
  `[default]\naws_access_key_id = ${operatorKey}\naws_secret_access_key = ${keys.secretOf(operatorKey)}\n`;

/** Opens the access keys of a data directory; the key is made on the first start. */
export function openAccessKeys(dataDir: string): AccessKeys {
  const path = dataFiles.accessKey(dataDir);
  if (!existsSync(path)) writePrivateFileOnce(path, randomBytes(keyBytes).toString('base64url'));
  const key = Buffer.from(
    namingFaults({ path }, () => readFileSync(path, 'utf8')),
    'base64url',
  );
  if (key.length !== keyBytes) refuseDamaged({ path, whenDamaged });
  const keys = accessKeysOf(key);
  const [credentials, said] = [dataFiles.credentials(dataDir), credentialsFile(keys)];
  if (!existsSync(credentials) || readFileSync(credentials, 'utf8') !== said) writePrivateFile(credentials, said);
  return keys;
}
