// What does a worker do that is to be ended while it packs? It packs and unpacks a text like a receipt's, again and again.
import { parentPort } from 'node:worker_threads';
import { packText, unpackText } from '../../../functions/aws/packText.ts';

const text = JSON.stringify(Array.from({ length: 20 }, (_, index) => ({ id: `order-${index}`, name: 'größer' })));

const round = (): void => {
  if (unpackText(packText(text)) !== text) throw new Error('it came back as another');
};

// Whoever starts it ends it when it hears from it: each time somewhere else.
for (let before = Math.ceil(Math.random() * 4); before > 0; before -= 1) round();
parentPort?.postMessage('packing');
for (;;) round();
