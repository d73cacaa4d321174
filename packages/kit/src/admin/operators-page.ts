import type { Locale } from '@flotilla/contracts';
import { type HttpApp, requestContext } from '../http/index.ts';

/** Something that operators can ask a program. */
export interface OperatorsPage {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /**
   * The answer: something that JSON can carry. May throw an `AppError`, or reject with one.
   *
   * @param body of a POST, as its JSON says
   * @param locale the language of whoever asks, for sentences
   */
  answer(body: unknown, locale: Locale): unknown;
}

/** Serves the pages. Nobody may keep an answer: it is true only now. */
export function addOperatorsPages(app: HttpApp, pages: readonly OperatorsPage[]): void {
  for (const { method, path, answer } of pages) {
    app.route({
      method,
      url: path,
      handler: async (request, reply) =>
        reply.header('cache-control', 'no-store').send(await answer(request.body, requestContext(request).locale)),
    });
  }
}
