// What does a command send to the port of an instance that was killed, where another program may listen now? Nothing: the instance's lock says that it is gone.

import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { sendCommand } from '../../../infra/commands/commandServer.ts';
import { dataFiles } from '../../../infra/local/core/dataDirectory.ts';
import { lockDataDirectory } from '../../../infra/local/core/lock.ts';
import { temporaryFolder } from '../../support/localTemplate.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
});

/** A program on a port that a killed instance has left in its data directory; answers what that program was sent. */
const eavesdropper = async () => {
  const { folder, remove } = temporaryFolder();
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(request.url ?? '');
    response.end('{"token":"theirs"}');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  ends.push(
    remove,
    () => void server.close(),
    () => server.closeAllConnections(),
  );
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  writeFileSync(dataFiles.control(dataDir), JSON.stringify({ url: `http://127.0.0.1:${port}`, secret: 's', pid: 1 }));
  return { dataDir, heard };
};

it('no command reaches it', async () => {
  const { dataDir, heard } = await eavesdropper();
  expect(await sendCommand(dataDir, 'connect', { secret: 'whsec_of_a_person' })).toBeUndefined();
  expect(heard).toEqual([]);
});

it('while an instance holds its lock, commands reach that', async () => {
  const { dataDir, heard } = await eavesdropper();
  const lock = lockDataDirectory(dataDir);
  ends.push(() => lock.release());
  expect(await sendCommand(dataDir, 'token', {})).toEqual({ answer: { token: 'theirs' } });
  expect(heard).toEqual(['/_throughline/token']);
});
