import {
  type AppError,
  headerNames,
  type ProblemContext,
  problemHeaders,
  problemMediaType,
  toProblem,
} from '@flotilla/contracts';
import { prefersPlainText } from './prefers-plain-text.ts';

/** An error, ready to be sent. Header names in lower case. */
export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The answer to an error: a problem document, or only its message for a caller that prefers plain text. */
export function problemAnswer(error: AppError, context: ProblemContext, accept: string | undefined): ProblemAnswer {
  const plain = prefersPlainText(accept);
  const { language = context.locale } = error.kind;
  const body = plain ? `${error.messageIn(context.locale)}\n` : JSON.stringify(toProblem(error, context));
  return {
    status: error.status,
    headers: {
      ...problemHeaders(error),
      'content-type': plain ? 'text/plain; charset=utf-8' : problemMediaType,
      ...(language === '' ? {} : { 'content-language': language }),
      'content-length': String(Buffer.byteLength(body)),
      'cache-control': 'no-store',
      vary: 'Accept, Accept-Language',
      ...(context.requestId === undefined ? {} : { [headerNames.requestId]: context.requestId }),
      ...(context.traceId === undefined ? {} : { [headerNames.traceId]: context.traceId }),
    },
    body,
  };
}
