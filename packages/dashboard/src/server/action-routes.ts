import { AppError } from '@flotilla/contracts';
import { ControlFailure, type ControlProblem } from '@flotilla/fleet/control';
import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import { OwnStopRefused, type Supervisor, SupervisorAway } from '../sources/index.ts';
import type { ActionResult, ProgramAction, ScaleRequest } from '../wire/index.ts';

const nameSchema = z.string().min(1).max(128);
const actionParameters: z.ZodType<{ readonly name: string; readonly action: ProgramAction }> = z.strictObject({
  name: nameSchema,
  action: z.enum(['start', 'stop', 'restart']),
});
const scaleParameters: z.ZodType<{ readonly name: string }> = z.strictObject({ name: nameSchema });
const scaleBody: z.ZodType<ScaleRequest> = z.strictObject({ instances: z.int().min(1).max(1_000) });

/** Starting, stopping, restarting and scaling programs. `changed` is called when the supervisor has taken something. */
export function actionRoutes(app: HttpApp, supervisor: Supervisor, changed: () => void): void {
  app.post(
    '/api/programs/:name/scale',
    { schema: { params: scaleParameters, body: scaleBody } },
    async (request, reply) => {
      const { name } = request.params;
      await asked(supervisor.scale(name, request.body.instances));
      changed();
      return reply.status(202).send({ names: [name] } satisfies ActionResult);
    },
  );
  app.post('/api/programs/:name/:action', { schema: { params: actionParameters } }, async (request, reply) => {
    const { name, action } = request.params;
    const names = await asked(supervisor.act(action, name));
    changed();
    return reply.status(202).send({ names } satisfies ActionResult);
  });
}

/** What the supervisor says to somebody, as an answer. */
async function asked<Result>(wish: Promise<Result>): Promise<Result> {
  try {
    return await wish;
  } catch (error) {
    if (error instanceof SupervisorAway || error instanceof OwnStopRefused)
      throw new AppError('CONFLICT', { detail: error.message });
    if (!(error instanceof ControlFailure)) throw error;
    throw refusal(error.problem?.code ?? 'FAILED', error.message);
  }
}

function refusal(code: ControlProblem['code'], detail: string): AppError {
  switch (code) {
    case 'UNKNOWN_NAME':
    case 'NOT_FOUND':
      return new AppError('NOT_FOUND', { detail });
    case 'BAD_REQUEST':
      return new AppError('INVALID_REQUEST', { detail });
    case 'REFUSED':
    case 'FAILED':
      return new AppError('CONFLICT', { detail });
    default:
      return code satisfies never;
  }
}
