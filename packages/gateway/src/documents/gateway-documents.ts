import { type Clock, chooseLocale, type Locale } from '@flotilla/contracts';
import { readJson } from '@flotilla/contracts/json';
import { docsPage, docsPolicy } from '@flotilla/kit/openapi';
import { entityTag, matchesWeakly, readTags } from '@flotilla/kit/resource';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { defaultRouteTimeouts } from '../config/timeouts.ts';
import type { CallContext } from '../engine/call-context.ts';
import type { LocalRequest, LocalResponse } from '../engine/local-response.ts';
import { headerValue } from '../headers/header-list.ts';
import type { CompiledRoutes } from '../routes/compile-routes.ts';
import { cleanDocument } from './clean-document.ts';
import { mergedDocument } from './merged-document.ts';
import type { KnownDocument } from './route-describing.ts';

/** What {@link GatewayDocuments} needs. */
export interface GatewayDocumentsOptions {
  readonly config: GatewayConfig;
  readonly routes: Pick<CompiledRoutes, 'table' | 'services'>;
  readonly calls: CallContext;
  readonly defaultLocale: Locale;
}

/** Older documents are asked for again: about as long as a new release takes to be seen by a person. */
const refreshMs = 10_000;

/** How long the services may take together: a reader is waiting, and what is not there in time is left out. */
const deadlineMs = 1_000;

/** Ours have 30 KB; ten times that is still a document that a person can read. */
const maxDocumentBytes = 524_288;
const maxDepth = 64;

/** What was last heard of one service's document, in one language. */
interface Heard {
  readonly known: KnownDocument;
  readonly atMs: number;
}

/** The documents as they were last put together. */
interface Made {
  /** What they were made of. */
  readonly of: ReadonlyMap<string, KnownDocument>;
  readonly json: string;
  readonly html: string;
}

/** Puts the documents of the gateway together from those of its services, when somebody asks for them. */
export class GatewayDocuments {
  readonly #options: GatewayDocumentsOptions;
  readonly #clock: Clock;
  readonly #heard = new Map<string, Heard>();
  readonly #asking = new Map<string, Promise<void>>();
  readonly #made = new Map<Locale, Made>();

  constructor(options: GatewayDocumentsOptions) {
    this.#options = options;
    this.#clock = options.calls.clock;
  }

  /** The document, as JSON. */
  async json(request: LocalRequest): Promise<LocalResponse> {
    const locale = this.#localeOf(request);
    const { json } = await this.#make(request, locale);
    return answer(request, json, ['Content-Type', 'application/json; charset=utf-8', 'Content-Language', locale]);
  }

  /** The page for people. */
  async page(request: LocalRequest): Promise<LocalResponse> {
    const locale = this.#localeOf(request);
    const { html } = await this.#make(request, locale);
    return answer(request, html, [
      ...['Content-Type', 'text/html; charset=utf-8', 'Content-Language', locale],
      ...['Content-Security-Policy', docsPolicy, 'Referrer-Policy', 'no-referrer', 'X-Content-Type-Options', 'nosniff'],
    ]);
  }

  async #make(request: LocalRequest, locale: Locale): Promise<Made> {
    const { routes, config } = this.#options;
    await Promise.all(routes.services.map((service) => this.#refresh(service, locale, request)));
    const of = new Map(routes.services.map((service) => [service, this.#knownOf(service, locale)]));
    const before = this.#made.get(locale);
    if (before !== undefined && isSame(before.of, of)) return before;
    const document = mergedDocument({ config, table: routes.table, documents: of, locale });
    const made = { of, json: JSON.stringify(document), html: docsPage(document, locale) };
    this.#made.set(locale, made);
    return made;
  }

  #knownOf(service: string, locale: Locale): KnownDocument {
    return this.#heard.get(keyOf(service, locale))?.known ?? { kind: 'away' };
  }

  /** Asks a service for its document, unless that was done lately; one question at a time, for all who wait. */
  #refresh(service: string, locale: Locale, request: LocalRequest): Promise<void> {
    const key = keyOf(service, locale);
    const heard = this.#heard.get(key);
    if (heard !== undefined && this.#clock.monotonicMs() - heard.atMs < refreshMs) return Promise.resolve();
    let asking = this.#asking.get(key);
    if (asking === undefined) {
      asking = this.#ask(service, locale, request)
        .then((known) => {
          this.#heard.set(key, { known: keepIfSame(heard?.known, known), atMs: this.#clock.monotonicMs() });
        })
        // Also if it failed: the next reader asks anew.
        .finally(() => this.#asking.delete(key));
      this.#asking.set(key, asking);
    }
    return asking;
  }

  async #ask(service: string, locale: Locale, { head }: LocalRequest): Promise<KnownDocument> {
    const { calls } = this.#options;
    const result = await calls.caller.call({
      ...calls.placeOf(service, head, new Map()),
      method: 'GET',
      target: `/openapi.json?lang=${locale}`,
      headers: ['Accept', 'application/json', 'Accept-Encoding', 'identity', 'Accept-Language', locale],
      timeouts: defaultRouteTimeouts,
      maxAttempts: 2,
      dueMs: this.#clock.monotonicMs() + deadlineMs,
      maxBodyBytes: maxDocumentBytes,
      // Others may wait for it too.
      signal: new AbortController().signal,
    });
    if (result.kind === 'failed' || result.status >= 500) return { kind: 'away' };
    if (result.status !== 200) return { kind: 'none' };
    const read = readJson(result.body, maxDepth);
    const document = read.ok ? cleanDocument(read.value) : undefined;
    return document === undefined ? { kind: 'none' } : { kind: 'read', document, fresh: true };
  }

  #localeOf({ head }: LocalRequest): Locale {
    const at = head.target.indexOf('?');
    const asked = new URLSearchParams(at < 0 ? '' : head.target.slice(at + 1)).get('lang') ?? undefined;
    const accepted = chooseLocale(headerValue(head.headers, 'accept-language'), this.#options.defaultLocale);
    return chooseLocale(asked, accepted);
  }
}

function keyOf(service: string, locale: Locale): string {
  return `${locale} ${service}`;
}

/** What is known now: what was known before, if the service is away; and the same object if nothing has changed. */
function keepIfSame(before: KnownDocument | undefined, now: KnownDocument): KnownDocument {
  if (before === undefined || before.kind !== 'read') return now;
  if (now.kind === 'away') return before.fresh ? { ...before, fresh: false } : before;
  if (now.kind !== 'read' || !before.fresh) return now;
  return textOf(before) === textOf(now) ? before : now;
}

function textOf({ document }: Extract<KnownDocument, { kind: 'read' }>): string {
  const { operations, tags, components } = document;
  return JSON.stringify([operations, [...tags], Object.values(components).map((parts) => [...parts])]);
}

/** Whether nothing is known that was not known before. */
function isSame(before: ReadonlyMap<string, KnownDocument>, now: ReadonlyMap<string, KnownDocument>): boolean {
  return [...now].every(([service, known]) => {
    const other = before.get(service);
    return known === other || (known.kind !== 'read' && known.kind === other?.kind);
  });
}

/** The answer, or 304 if the caller has the same one. */
function answer({ head }: LocalRequest, body: string, headers: readonly string[]): LocalResponse {
  const tag = entityTag(body);
  const condition = headerValue(head.headers, 'if-none-match');
  // Short: services come and go.
  const all = [...headers, 'ETag', tag, 'Cache-Control', 'public, max-age=10', 'Vary', 'Accept-Language'];
  if (condition !== undefined && matchesWeakly(readTags(condition), tag))
    return { status: 304, headers: all, body: '' };
  return { status: 200, headers: all, body };
}
