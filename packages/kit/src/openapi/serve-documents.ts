import { chooseLocale, type Locale } from '@flotilla/contracts';
import { tagAnswer } from '../http/conditional.ts';
import type { HttpApp } from '../http/http-app-type.ts';
import type { ApiDocument, ApiDocumentOptions } from './api-document.ts';

/** What {@link serveDocuments} serves. */
export interface DocumentsOptions extends Pick<ApiDocumentOptions, 'title' | 'version' | 'description'> {
  /** For readers who ask for no language that we have. */
  readonly defaultLocale: Locale;
}

/** Where documents are. */
export const documentPaths = { json: '/openapi.json', page: '/docs' } as const;

/**
 * Serves `/openapi.json` and `/docs` for the operations of an app. Call it after the routes are added: where one of them takes
 * such a path, by name or by a pattern, it keeps it. An app without operations has no documents. What makes them is loaded with
 * the first request for one.
 */
export function serveDocuments(app: HttpApp, options: DocumentsOptions): void {
  // When the plugins that were registered before have added their routes.
  app.after(() => addRoutes(app, options));
}

function addRoutes(app: HttpApp, options: DocumentsOptions): void {
  const { operations } = app;
  if (operations.all.length === 0) return;
  const made = new Map<Locale, Promise<Documents>>();
  const documentsIn = (locale: Locale): Promise<Documents> => {
    let documents = made.get(locale);
    if (documents === undefined)
      made.set(locale, (documents = makeDocuments({ ...options, operations: operations.all, locale })));
    return documents;
  };
  const free = (path: string): boolean => !operations.isTaken(path);
  // Gateways and pages read it again and again.
  const config = { requestLogLevel: 'debug' } as const;
  if (free(documentPaths.json))
    app.get(documentPaths.json, { config, onSend: tagAnswer }, async (request, reply) => {
      const locale = localeOf(request, options.defaultLocale);
      reply.headers({ ...cacheable, 'content-language': locale, 'content-type': 'application/json; charset=utf-8' });
      return (await documentsIn(locale)).json;
    });
  if (free(documentPaths.page))
    app.get(documentPaths.page, { onSend: tagAnswer }, async (request, reply) => {
      const locale = localeOf(request, options.defaultLocale);
      const { html, policy } = await (await documentsIn(locale)).page();
      reply.headers({
        ...cacheable,
        'content-language': locale,
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': policy,
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      });
      return html;
    });
}

/** A document changes only with a release: a minute is short beside that, and long beside the time a page takes to load. */
const cacheable = { 'cache-control': 'public, max-age=60', vary: 'Accept-Language' } as const;

/** The documents in one language. */
interface Documents {
  readonly json: string;
  page(): Promise<{ readonly html: string; readonly policy: string }>;
}

async function makeDocuments(options: ApiDocumentOptions & { readonly locale: Locale }): Promise<Documents> {
  const { apiDocument } = await import('./api-document.ts');
  const document: ApiDocument = apiDocument(options);
  let page: Promise<{ readonly html: string; readonly policy: string }> | undefined;
  return {
    json: JSON.stringify(document),
    page: () => (page ??= showPage(document, options.locale)),
  };
}

async function showPage(document: ApiDocument, locale: Locale): Promise<{ html: string; policy: string }> {
  const { docsPage, docsPolicy } = await import('./docs-page.ts');
  return { html: docsPage(document, locale), policy: docsPolicy };
}

/** The language that `?lang=` asks for, else `Accept-Language`. */
function localeOf(
  request: { readonly query: unknown; readonly headers: { readonly 'accept-language'?: string | undefined } },
  otherwise: Locale,
): Locale {
  const { lang } = request.query as { readonly lang?: string | string[] }; // The app's own parser made it.
  const asked = Array.isArray(lang) ? lang[0] : lang;
  return chooseLocale(asked, chooseLocale(request.headers['accept-language'], otherwise));
}
