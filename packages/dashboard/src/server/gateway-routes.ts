import { AppError } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import { type Gateway, GatewayAway, QuestionRefused, type Troubles } from '../sources/index.ts';

/** What to ask the gateway: checked by it, with an example of what is right. */
const question: z.ZodType<Readonly<Record<string, unknown>>> = z.record(z.string(), z.unknown());

/** The gateway's routes, and what it would do with a request. */
export function gatewayRoutes(app: HttpApp, gateway: Gateway, troubles: Pick<Troubles, 'note'>): void {
  const config = { requestLogLevel: 'debug' } as const;
  const asked = async <Result>(answer: Promise<Result>): Promise<Result> => {
    try {
      const result = await answer;
      troubles.note('gateway', undefined);
      return result;
    } catch (error) {
      if (error instanceof QuestionRefused) throw new AppError('INVALID_REQUEST', { detail: error.message });
      if (!(error instanceof GatewayAway)) throw error;
      throw new AppError('SERVICE_UNAVAILABLE', {
        parameters: { service: 'gateway' },
        detail: error.message,
        retryAfterMs: 1_000,
      });
    }
  };
  app.get('/api/routes', { config }, ({ headers }) => asked(gateway.routes(headers['accept-language'])));
  app.post('/api/routes/explain', { config, schema: { body: question } }, ({ body, headers }) =>
    asked(gateway.explain(body, headers['accept-language'])),
  );
}
