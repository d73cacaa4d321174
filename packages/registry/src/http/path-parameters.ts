import { instanceIdSchema, serviceNameSchema } from '@flotilla/contracts';
import { z } from 'zod';

/** The parameters of paths about a service. */
export interface ServiceParameters {
  readonly name: string;
}

export const serviceParametersSchema: z.ZodType<ServiceParameters> = z.strictObject({ name: serviceNameSchema });

/** The parameters of paths about one instance. */
export interface InstanceParameters {
  readonly name: string;
  readonly id: string;
}

export const instanceParametersSchema: z.ZodType<InstanceParameters> = z.strictObject({
  name: serviceNameSchema,
  id: instanceIdSchema,
});
