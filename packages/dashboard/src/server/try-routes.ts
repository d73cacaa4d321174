import { AppError, addressKind, type Clock, type ServiceInstance } from '@flotilla/contracts';
import { authorityOf } from '@flotilla/contracts/endpoint';
import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import { tryRequest } from '../actions/index.ts';
import type { TryRequest } from '../wire/index.ts';

/** What {@link tryRoutes} needs. */
export interface TryOptions {
  readonly gatewayUrl: string;
  readonly instances: () => readonly ServiceInstance[];
  readonly clock: Clock;
}

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const headersSchema = z
  .record(
    z.string().regex(token).max(128),
    z
      .string()
      .regex(/^[\t\x20-\x7e\x80-\xff]*$/)
      .max(8_192),
  )
  .refine((headers) => Object.keys(headers).length <= 64);
const body: z.ZodType<TryRequest> = z.strictObject({
  to: z.string().min(1).max(63),
  // The answer to CONNECT is a tunnel, which never ends.
  method: z
    .string()
    .regex(token)
    .max(32)
    .refine((method) => method.toUpperCase() !== 'CONNECT'),
  target: z
    .string()
    .regex(/^\/[\x21-\x7e]*$/)
    .max(8_192),
  headers: headersSchema.optional(),
  body: z.string().optional(),
});

/** `POST /api/try`: sends a request to the gateway, or to an instance of a service that is registered; never anywhere else. */
export function tryRoutes(app: HttpApp, { gatewayUrl, instances, clock }: TryOptions): void {
  app.post('/api/try', { schema: { body } }, async (request) => {
    const { to } = request.body;
    const base = to === 'gateway' ? gatewayUrl.replace(/\/+$/, '') : baseOf(to, instances());
    return tryRequest(base, request.body, clock);
  });
}

/** Where an instance of a service is, one that gets new work if there is one. */
export function baseOf(service: string, instances: readonly ServiceInstance[]): string {
  const own = instances.filter(({ name, port }) => name === service && port > 0);
  const instance = own.find(({ ready }) => ready) ?? own[0];
  if (instance === undefined) throw new AppError('SERVICE_NOT_FOUND', { parameters: { name: service } });
  const kind = addressKind(instance.address);
  // Whoever may register could otherwise have the dashboard fetch what only its machine may read.
  if (kind === 'link-local' || kind === 'metadata')
    throw new AppError('FORBIDDEN', {
      detail: `${service} is registered at ${instance.address}, where clouds hand out credentials, so nothing is sent there.`,
    });
  return `http://${authorityOf(instance)}`;
}
