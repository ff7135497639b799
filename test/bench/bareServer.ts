// What is the least that answering a webhook costs? A server that reads the body and answers 200; prints its port.
import { createServer } from 'node:http';

const server = createServer((incoming, response) => {
  incoming.resume();
  incoming.once('end', () => response.end());
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
