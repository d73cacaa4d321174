import { instanceIdSchema, serviceNameSchema } from '@flotilla/contracts';
import { z } from 'zod';

/** An operator's wish that an instance gets no traffic. It outlives the instance's registration, and has its key. */
export interface MaintenanceValue {
  readonly name: string;
  readonly id: string;
  /** Why, in the operator's words. Undefined: nobody has said. */
  readonly reason?: string | undefined;
  /** Wall-clock time at which the instance went, in milliseconds since the Unix epoch; undefined while it is registered. */
  readonly goneMs?: number | undefined;
}

export const maintenanceSchema: z.ZodType<MaintenanceValue> = z.object({
  name: serviceNameSchema,
  id: instanceIdSchema,
  reason: z.string().optional(),
  goneMs: z.number().optional(),
});
