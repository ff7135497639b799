// What does a worker do until the test terminates it?
import { parentPort } from 'node:worker_threads';
import { packText, unpackText } from '../../../functions/aws/packText.ts';

const text = JSON.stringify(Array.from({ length: 20 }, (_, index) => ({ id: `order-${index}`, name: 'größer' })));

const round = (): void => {
  if (unpackText(packText(text)) !== text) throw new Error('the text came back changed');
};

// The script terminates the worker when this message arrives. The random rounds let that happen at another point each time.
for (let before = Math.ceil(Math.random() * 4); before > 0; before -= 1) round();
parentPort?.postMessage('packing');
for (;;) round();
