// How does a test act as another user of this machine? Root takes the user that owns nothing.
import { execFileSync } from 'node:child_process';

/** What a program of another user sees: the answer to ListTables of each port of this machine that listens. */
const asAnother = `
  const { readFileSync } = require('node:fs');
  const ports = [...new Set(['tcp', 'tcp6'].flatMap((name) => readFileSync('/proc/net/' + name, 'utf8').split('\\n').slice(1)
    .map((line) => line.trim().split(/ +/)).filter(([, , , state]) => state === '0A').map(([, at]) => parseInt(at.split(':').at(-1), 16))))];
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-date': '20260101T000000Z', 'x-amz-target': 'DynamoDB_20120810.ListTables',
    authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0' };
  Promise.all(ports.map((port) => fetch('http://127.0.0.1:' + port, { method: 'POST', headers, body: '{}', signal: AbortSignal.timeout(5000) })
    .then((answer) => answer.text()).catch(() => ''))).then((said) => console.log(JSON.stringify({ user: process.getuid(), said })));`;

/** The user that owns nothing. */
export const nobody = 65_534;
/** Only root may act as another user, who must be able to run Node, too. */
export const isRoot = ((): boolean => {
  try {
    const as = ['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups', process.execPath, '-e', '0'];
    return process.getuid?.() === 0 && execFileSync('setpriv', as, { cwd: '/' }).length === 0;
  } catch {
    return false;
  }
})();
/** Asks every port of this machine as another user; without root as this one, who is refused in the same way. */
export const seenByAnother = (): { readonly user: number; readonly said: readonly string[] } => {
  const words = isRoot
    ? ['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups', process.execPath]
    : [];
  const [program = process.execPath, ...rest] = isRoot ? ['setpriv', ...words] : [];
  return JSON.parse(execFileSync(program, [...rest, '-e', asAnother], { encoding: 'utf8', cwd: '/' }));
};
