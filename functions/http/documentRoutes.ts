// Where does the API describe itself to anyone, without a token? As a page that says where to go, a catalog to read, and a document for machines.
// The query function calls it; it reads the documents from the function's bundle.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { gzipText } from '../aws/gzipText.ts';
import { policyOf } from './pagePolicy.ts';
import { type HttpAnswer, problemAnswer } from './problem.ts';

export const documentPath = '/openapi.json';
/** The path of the catalog's page. */
export const pagePath = '/docs';
export const homePath = '/';

interface Served {
  /** The file in the bundle. */
  readonly file: string;
  readonly type: string;
}

const served: Readonly<Record<string, Served>> = {
  [documentPath]: { file: 'openapi.json', type: 'application/json' },
  [pagePath]: { file: 'docs.html', type: 'text/html; charset=utf-8' },
  [homePath]: { file: 'home.html', type: 'text/html; charset=utf-8' },
};

export interface DocumentSettings {
  /** Reads the text of a file of the bundle. */
  readonly read: (file: string) => Promise<string>;
  /** Answers all other requests. */
  readonly others: (event: APIGatewayProxyEventV2) => Promise<HttpAnswer>;
  /** Gets the error where a document could not be read. */
  readonly report: (error: unknown) => void;
}

interface Answers {
  readonly plain: HttpAnswer;
  readonly packed: HttpAnswer;
}

const answersOf = (type: string, text: string): Answers => {
  const headers = {
    'content-type': type,
    'cache-control': 'public, max-age=300',
    vary: 'accept-encoding',
    'x-content-type-options': 'nosniff',
    ...(type.startsWith('text/html') && {
      'content-security-policy': policyOf(text),
      'referrer-policy': 'no-referrer',
    }),
  };
  return {
    plain: { statusCode: 200, headers, body: text },
    packed: {
      statusCode: 200,
      headers: { ...headers, 'content-encoding': 'gzip' },
      body: Buffer.from(gzipText(text)).toString('base64'),
      isBase64Encoded: true,
    },
  };
};

const takesGzip = ({ headers }: APIGatewayProxyEventV2): boolean =>
  /(^|,)\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*(,|$))[^,]*)?(,|$)/.test(headers['accept-encoding'] ?? '');

/** Answers the documents without a token, because they are the same for everyone and hold nobody's data. */
export const withDocuments = ({ read, others, report }: DocumentSettings) => {
  const known = new Map<string, Answers>();
  return async (event: APIGatewayProxyEventV2): Promise<HttpAnswer> => {
    const document = served[event.rawPath];
    if (document === undefined) return await others(event);
    const { file, type } = document;
    try {
      const answers = known.get(file) ?? answersOf(type, await read(file));
      known.set(file, answers);
      return takesGzip(event) ? answers.packed : answers.plain;
    } catch (error) {
      report(error);
      const detail = `the function's bundle does not contain ${file}`;
      return problemAnswer({ status: 503, reason: 'documentAbsent', detail });
    }
  };
};
