import { isAppError } from '@flotilla/contracts';
import { z } from 'zod';
import type { Actor } from '../write/actor.ts';
import { readStatus } from './eureka-status.ts';
import type { EurekaWrites } from './eureka-writes.ts';

/** More than a peer sends at once. */
const maxSteps = 500;

/** One change that a peer tells. */
interface Step {
  readonly appName: string;
  readonly id: string;
  readonly lastDirtyTimestamp?: number | null | undefined;
  readonly status?: string | null | undefined;
  readonly instanceInfo?: unknown;
  readonly action: string;
}

const stepSchema: z.ZodType<Step> = z.object({
  appName: z.string().min(1),
  id: z.string().min(1),
  lastDirtyTimestamp: z.number().nullish(),
  status: z.string().nullish(),
  instanceInfo: z.unknown().optional(),
  action: z.string(),
});

/** What a peer sends. */
interface Batch {
  readonly replicationList: readonly Step[];
}

/** Checks a {@link Batch}. */
export const batchSchema: z.ZodType<Batch> = z.object({ replicationList: z.array(stepSchema).max(maxSteps) });

/** What became of one step, as a peer wants to know it. */
interface StepAnswer {
  readonly statusCode: number;
}

/**
 * Takes over what a real Eureka server tells its peers: so one can be replaced while it runs. We tell no peers anything.
 * Each step is answered for itself.
 */
export async function replicate(
  writes: EurekaWrites,
  { replicationList }: Batch,
  actor: Actor,
): Promise<{ readonly responseList: readonly StepAnswer[] }> {
  const responseList: StepAnswer[] = [];
  // In their order: a renewal may follow its registration.
  for (const step of replicationList) responseList.push(await answered(writes, step, actor));
  return { responseList };
}

async function answered(writes: EurekaWrites, step: Step, actor: Actor): Promise<StepAnswer> {
  try {
    await take(writes, step, actor);
    return { statusCode: 200 };
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { statusCode: error.status };
  }
}

async function take(writes: EurekaWrites, step: Step, actor: Actor): Promise<void> {
  const app = step.appName.toUpperCase();
  const place = { app, id: step.id };
  switch (step.action) {
    case 'Register':
      return writes.register(app, step.instanceInfo, actor);
    case 'Heartbeat':
      return writes.renew(place, step.lastDirtyTimestamp ?? undefined, actor);
    case 'Cancel':
      return writes.cancel(place, actor);
    case 'StatusUpdate':
      return writes.override(place, readStatus(step.status ?? ''), actor);
    case 'DeleteStatusOverride':
      return writes.override(place, undefined, actor);
    default:
      // A step that we do not know changes nothing here; the peer need not send it again.
      return undefined;
  }
}
