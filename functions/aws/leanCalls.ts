// How does a call of the SDK reach its service in a fifth of the processor time? Its first try goes there directly; all else is the SDK's.
// clients.ts calls it; it sends signed requests to the service that the client is for.
import { randomUUID } from 'node:crypto';
import { backOff } from './backOff.ts';
import { createPostText, type Patience } from './postText.ts';
import { type Credentials, createSignCall } from './signCall.ts';
import { fromWire, toWire, type WireOutput } from './wireJson.ts';

export interface Metadata {
  readonly httpStatusCode: number;
  readonly requestId?: string;
  readonly attempts: number;
}

export interface Service {
  /** The name in a signature. */
  readonly name: string;
  /** The name before the action in a call. */
  readonly target: string;
  /** The version of its JSON. */
  readonly json: '1.0' | '1.1';
  /** The error that a caller expects, from what the service answered; undefined: the SDK tries again and judges. */
  readonly expected?: (type: string, answer: WireOutput, $metadata: Metadata) => Error | undefined;
}

/** What the SDK knows of the client. */
export interface Known {
  readonly region: () => Promise<string>;
  readonly credentials: () => Promise<Credentials>;
}

export interface LeanCalls {
  readonly service: Service;
  readonly known: Known;
  readonly patience: Patience;
}

interface Asked<Input> {
  readonly input: Input;
}

interface Given<Output> {
  readonly output: Output;
  readonly response: unknown;
}

/** What the SDK knows of a command. Its own way resolves the endpoint, at the first call in a process. */
interface Context {
  readonly commandName?: string;
  readonly endpointV2?: { readonly url: URL };
}

type Way<Input, Output> = (asked: Asked<Input>) => Promise<Given<Output>>;

/** Without a token of ours, the SDK's try would have another one than ours had, and what ours has written would refuse it. */
const withToken = <Input extends object>(input: Input): Input =>
  'TransactItems' in input ? { ClientRequestToken: randomUUID(), ...input } : input;

/** Lambda tells the function's invocation by it, and stops calls that go round in circles. */
const trace = (): Readonly<Record<string, string>> => {
  const id = process.env._X_AMZN_TRACE_ID;
  return id === undefined ? {} : { 'X-Amzn-Trace-Id': id };
};

/**
 * A middleware for the client's stack. It sends a command with JSON of its own over a kept connection, and returns the output, or
 * throws an error that the service's callers expect. Where the answer is another error, or none comes, the command goes the SDK's
 * own way, with its tries and pauses. The first call of each command in a process goes there too.
 */
export const leanCalls = ({ service, known, patience }: LeanCalls) => {
  const post = createPostText(patience);
  let sign: ReturnType<typeof createSignCall> | undefined;

  const signed = async (url: URL, target: string, body: string): Promise<Readonly<Record<string, string>>> => {
    sign ??= createSignCall({ service: service.name, region: await known.region() });
    const call = { host: url.host, target, contentType: `application/x-amz-json-${service.json}`, body };
    return sign(call, await known.credentials(), Date.now());
  };

  return <Input extends object, Output extends object>(
    next: Way<Input, Output>,
    context: Context,
  ): Way<Input, Output> => {
    const target = `${service.target}.${context.commandName?.replace(/Command$/, '')}`;

    /** What came of it; undefined where the SDK is to try. */
    const directly = async (url: URL, input: Input): Promise<Given<Output> | Error | undefined> => {
      const body = toWire(input);
      const headers = { ...(await signed(url, target, body)), ...trace() };
      const { status, requestId, text } = await post(url, { headers, body });
      const answer = fromWire(text);
      const $metadata = { httpStatusCode: status, ...(requestId !== undefined && { requestId }), attempts: 1 };
      if (status === 200) return { output: { ...answer, $metadata }, response: undefined };
      return service.expected?.(String(answer.__type).replace(/^.*#/, ''), answer, $metadata);
    };

    return async (asked) => {
      const url = context.endpointV2?.url;
      if (url === undefined) return await next(asked);
      const same = { ...asked, input: withToken(asked.input) };
      const given = await directly(url, same.input).catch(() => undefined);
      if (given instanceof Error) throw given;
      if (given !== undefined) return given;
      await backOff(0, Math.random);
      return await next(same);
    };
  };
};
