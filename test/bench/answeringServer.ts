// Which answers would DynamoDB give, without its work? A server that answers each action at once; prints its port.
import { createServer } from 'node:http';

const item = {
  stream: { S: 'tenant/engagement/1' },
  version: { N: '1' },
  events: { B: Buffer.alloc(900, 'x').toString('base64') },
};

const answers: ReadonlyMap<string, unknown> = new Map([
  ['GetItem', { Item: item }],
  ['Query', { Items: Array.from({ length: 10 }, () => item), Count: 10, ScannedCount: 10 }],
]);

const server = createServer((incoming, response) => {
  incoming.resume();
  incoming.once('end', () => {
    const [, action = ''] = String(incoming.headers['x-amz-target']).split('.');
    const body = JSON.stringify(answers.get(action) ?? {});
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'bench' }).end(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
