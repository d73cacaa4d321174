import { rule, serviceNameSchema } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import type { ConfigValue } from '../wire/index.ts';
import type { CentralConfig } from './central-config.ts';

const serviceParameters: z.ZodType<{ readonly service: string }> = z.strictObject({ service: serviceNameSchema });
const settingParameters: z.ZodType<{ readonly service: string; readonly setting: string }> = z.strictObject({
  service: serviceNameSchema,
  setting: z.string().refine((name) => /^[A-Z][A-Z0-9_]{0,127}$/.test(name), rule('NOT_VALID')),
});
const valueBody: z.ZodType<ConfigValue> = z.strictObject({ value: z.string().max(10_000) });

/** Central configuration, with what services say of their settings. */
export function configRoutes(app: HttpApp, central: CentralConfig): void {
  const config = { requestLogLevel: 'debug' } as const;
  const setting = '/api/registry/config/:service/:setting';
  const schema = { params: settingParameters, body: valueBody };
  app.get('/api/registry/config', { config }, () => central.scopes());
  app.get('/api/registry/config/:service', { config, schema: { params: serviceParameters } }, ({ params }) =>
    central.of(params.service),
  );
  app.put(setting, { schema }, ({ params, body }) => central.set(params.service, params.setting, body.value));
  app.delete(setting, { schema: { params: settingParameters } }, async ({ params }, reply) => {
    await central.unset(params.service, params.setting);
    return reply.status(204).send();
  });
  app.post(`${setting}/check`, { config, schema }, ({ params, body }) =>
    central.check(params.service, params.setting, body.value),
  );
}
