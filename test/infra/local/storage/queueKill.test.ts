// Does what the local queues acknowledged outlive a process that is killed without warning?
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { manualClock } from '../../../../infra/local/core/clock.ts';
import { openQueueStore } from '../../../../infra/local/storage/queueStore.ts';

test('acknowledged messages survive a kill -9; deleted messages stay deleted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'queue-kill-'));
  const path = join(folder, 'queues.db');
  const room = new URL('../../../../infra/local/', import.meta.url);
  const script = `
    const { writeSync } = await import('node:fs');
    const { openQueueStore } = await import(${JSON.stringify(new URL('storage/queueStore.ts', room).href)});
    const { systemClock } = await import(${JSON.stringify(new URL('core/clock.ts', room).href)});
    const store = openQueueStore({ path: ${JSON.stringify(path)}, clock: systemClock() });
    store.ensureQueue('work', { visibilityTimeoutSeconds: 600, delaySeconds: 0 });
    for (;;) {
      const sent = store.sendAll([{ queue: 'work', body: 'a' }, { queue: 'work', body: 'b' }]);
      writeSync(1, 'sent ' + sent.join(' ') + '\\n');
      const [taken] = store.receive('work', 1);
      store.delete('work', [taken.receiptHandle]);
      writeSync(1, 'ended ' + taken.messageId + '\\n');
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = new Promise((resolve) => child.on('close', resolve));
  const sent: string[] = [];
  const ended: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const [act, ...ids] = line.split(' ');
    (act === 'sent' ? sent : ended).push(...ids);
    if (sent.length >= 400) child.kill('SIGKILL');
  }
  await closed;
  const store = openQueueStore({ path, clock: manualClock(Date.now() + 1_000) });
  store.ensureQueue('work', { visibilityTimeoutSeconds: 600, delaySeconds: 0 });
  const found = new Set<string>();
  for (let page = store.receive('work', 100); page.length > 0; page = store.receive('work', 100)) {
    for (const { messageId } of page) found.add(messageId);
  }
  store.close();
  rmSync(folder, { recursive: true });
  expect(ended.filter((id) => found.has(id))).toEqual([]);
  // Of the one delete that ran when it died, the process could no longer tell.
  const finished = new Set(ended);
  const missing = sent.filter((id) => !finished.has(id) && !found.has(id));
  expect(missing.length).toBeLessThanOrEqual(1);
  expect(sent.length).toBeGreaterThanOrEqual(400);
});
