// What does CloudFormation answer on one machine when the AWS SDK asks for a stack? The outputs of the running template.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf } from '../core/requestBody.ts';
import { AwsRefusal } from './awsCall.ts';
import type { SignatureCheck } from './signature.ts';

/** A call names an action and a stack: the rest of a longer form says nothing. */
const maxFormBytes = 64 * 1024;

export interface StackSettings {
  readonly stack: string;
  /** The current outputs, by name. */
  readonly outputs: () => Readonly<Record<string, string>>;
  /** Who signed a request; it refuses what nobody signed. */
  readonly callerOf: SignatureCheck;
}

export interface AwsStacks {
  /** Whether a request is a call of CloudFormation: these are forms, unlike calls of the other services. */
  takes(request: IncomingMessage): boolean;
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

const escaped = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const element = (name: string, inside: string): string => `<${name}>${inside}</${name}>`;
const leaf = (name: string, value: string): string => element(name, escaped(value));

const failure = (code: string, message: string): string =>
  element('ErrorResponse', element('Error', leaf('Type', 'Sender') + leaf('Code', code) + leaf('Message', message)));

/** Answers DescribeStacks of one stack, in the AWS query protocol; refuses any other call by name. */
export function createAwsStacks({ stack, outputs, callerOf }: StackSettings): AwsStacks {
  const described = (): string => {
    const published = Object.entries(outputs()).map(([name, value]) =>
      element('member', leaf('OutputKey', name) + leaf('OutputValue', value)),
    );
    const parts = [
      leaf('StackName', stack),
      leaf('StackStatus', 'CREATE_COMPLETE'),
      leaf('CreationTime', '2026-01-01T00:00:00Z'),
      element('Outputs', published.join('')),
    ];
    const stacks = element('Stacks', element('member', parts.join('')));
    const metadata = element('ResponseMetadata', leaf('RequestId', randomUUID()));
    return element('DescribeStacksResponse', element('DescribeStacksResult', stacks) + metadata);
  };

  const answer = (form: URLSearchParams): { readonly status: number; readonly body: string } => {
    const action = form.get('Action') ?? '';
    if (action !== 'DescribeStacks') {
      return { status: 400, body: failure('InvalidAction', `The local runtime doesn't answer ${action}.`) };
    }
    const asked = form.get('StackName') ?? stack;
    if (asked === stack) return { status: 200, body: described() };
    return { status: 400, body: failure('ValidationError', `Stack with id ${asked} does not exist`) };
  };

  const signedAnswer = (request: IncomingMessage, body: Buffer): { readonly status: number; readonly body: string } => {
    try {
      callerOf(request, body);
    } catch (error) {
      if (!(error instanceof AwsRefusal)) throw error;
      return { status: 403, body: failure(error.queryCode ?? error.code, error.message) };
    }
    return answer(new URLSearchParams(body.toString('utf8')));
  };

  return {
    takes: ({ headers }) => headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true,
    async serve(request, response) {
      const received = await bodyOf({ request, response, most: maxFormBytes });
      const said = received.ok
        ? signedAnswer(request, received.body)
        : { status: 413, body: failure('RequestEntityTooLarge', `A call may have ${maxFormBytes} bytes.`) };
      response.writeHead(said.status, { 'content-type': 'text/xml' });
      response.end(said.body);
    },
  };
}
