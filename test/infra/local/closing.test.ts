// Is everything closed at the end of a runtime, also where one part can't be?
import { expect, it } from 'vitest';
import { createClosing } from '../../../infra/local/core/closing.ts';

it('closes all parts, the last one first, and then tells of the first failure', async () => {
  const closing = createClosing();
  const closed: string[] = [];
  for (const part of ['lock', 'ports', 'queues', 'workers']) {
    closing.add(() => {
      closed.push(part);
      if (part === 'queues' || part === 'ports') throw new Error(`${part}: the disk is full`);
    });
  }
  await expect(closing.close()).rejects.toThrow('queues: the disk is full');
  await closing.closed;
  expect(closed).toEqual(['workers', 'queues', 'ports', 'lock']);
});
