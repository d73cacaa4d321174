import { AppError, type Clock, isAppError, type ServiceInstance } from '@flotilla/contracts';
import { nodeTransport, sendRequest } from '@flotilla/contracts/http-client';
import { readJson } from '@flotilla/contracts/json';
import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import { unsampled } from '../sources/index.ts';
import type { DocumentList } from '../wire/index.ts';
import { baseOf } from './try-routes.ts';

/** What {@link documentRoutes} needs. */
export interface DocumentOptions {
  readonly gatewayUrl: string;
  readonly instances: () => readonly ServiceInstance[];
  readonly clock: Clock;
}

const parameters: z.ZodType<{ readonly name: string }> = z.strictObject({ name: z.string().min(1).max(63) });
const timeoutMs = 3_000;
const maxBodyBytes = 8 * 1024 * 1024;

type Document = Readonly<Record<string, unknown>>;

/** The OpenAPI documents of the gateway and of the services that are registered, where they have one at `/openapi.json`. */
export function documentRoutes(app: HttpApp, { gatewayUrl, instances, clock }: DocumentOptions): void {
  const config = { requestLogLevel: 'debug' } as const;
  const transport = nodeTransport({ idleMs: 1_000 });
  app.addHook('onClose', () => transport.close());

  async function read(name: string, language: string | undefined): Promise<Document | undefined> {
    const base = name === 'gateway' ? gatewayUrl.replace(/\/+$/, '') : baseOf(name, instances());
    const result = await sendRequest({
      transport,
      method: 'GET',
      url: new URL(`${base}/openapi.json`),
      headers: {
        accept: 'application/json',
        ...unsampled(),
        ...(language === undefined ? {} : { 'accept-language': language }),
      },
      timeoutMs,
      maxBodyBytes,
      signal: undefined,
      clock,
    });
    if (result.kind !== 'answer' || result.answer.status !== 200) return undefined;
    const parsed = readJson(result.answer.body);
    return parsed.ok && typeof parsed.value === 'object' && parsed.value !== null
      ? (parsed.value as Document)
      : undefined;
  }

  app.get('/api/documents', { config }, async (request): Promise<DocumentList> => {
    const names = new Set(['gateway', ...instances().map(({ name }) => name)]);
    const found = await Promise.all(
      [...names].map(async (name) => {
        const document = await read(name, request.headers['accept-language']).catch(unlessRefused);
        return document === undefined
          ? []
          : [{ name, title: titleOf(document, name), operations: operationsIn(document) }];
      }),
    );
    return { documents: found.flat() };
  });
  app.get('/api/documents/:name', { config, schema: { params: parameters } }, async (request) => {
    const { name } = request.params;
    const document = await read(name, request.headers['accept-language']);
    if (document !== undefined) return document;
    throw new AppError('NOT_FOUND', {
      detail: `${name} has no OpenAPI document at /openapi.json, or does not answer.`,
    });
  });
}

function unlessRefused(error: unknown): undefined {
  if (!isAppError(error)) throw error;
}

function titleOf({ info }: Document, name: string): string {
  return typeof info === 'object' && info !== null && 'title' in info && typeof info.title === 'string'
    ? info.title
    : name;
}

function operationsIn({ paths }: Document): number {
  const methods = new Set(['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace']);
  if (typeof paths !== 'object' || paths === null) return 0;
  return Object.values(paths).reduce(
    (sum: number, item: unknown) =>
      sum +
      (typeof item === 'object' && item !== null ? Object.keys(item).filter((key) => methods.has(key)).length : 0),
    0,
  );
}
