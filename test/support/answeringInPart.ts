// How does DynamoDB answer a batch that is too much at once? It reads the first of its keys and names the others; this client's calls do.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientOf, type TestEngine } from './engine.ts';

export interface AnsweringInPart {
  readonly client: DynamoDBClient;
  /** How many batches were asked for. */
  calls(): number;
}

/** A client of the engine for which a batch of one table reads so many keys at the most. */
export const answeringInPart = (engine: TestEngine, most: number): AnsweringInPart => {
  const client = clientOf(engine.endpoint);
  let calls = 0;
  client.middlewareStack.add((next, { commandName }) => async (args) => {
    const asked = 'RequestItems' in args.input ? args.input.RequestItems : undefined;
    if (commandName !== 'BatchGetItemCommand' || asked === undefined) return await next(args);
    calls += 1;
    const [[table, wanted] = []] = Object.entries(asked);
    if (table === undefined || wanted === undefined || !('Keys' in wanted)) throw new Error('a batch names its keys');
    const [through, left] = [wanted.Keys?.slice(0, most), wanted.Keys?.slice(most) ?? []];
    const answer = await next({
      ...args,
      input: { ...args.input, RequestItems: { [table]: { ...wanted, Keys: through } } },
    });
    const UnprocessedKeys = left.length === 0 ? {} : { [table]: { ...wanted, Keys: left } };
    Object.assign(answer.output, { UnprocessedKeys });
    return answer;
  });
  return { client, calls: () => calls };
};
