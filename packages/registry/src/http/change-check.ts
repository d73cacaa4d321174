import {
  AppError,
  type CheckDefinition,
  type CheckStatus,
  checkDefinitionSchema,
  checkIdSchema,
  checkStatuses,
  instanceIdSchema,
  serviceNameSchema,
} from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import type { RequestAccess } from '../admission/request-access.ts';
import type { Registry } from '../registry.ts';
import type { InstanceParameters } from './path-parameters.ts';
import { refuseLinkLocalTargets } from './refuse-link-local.ts';
import type { RegistrationRules } from './register-instance.ts';
import { tokenOf } from './registration-token.ts';
import { type ShownCheck, showCheck } from './shown-check.ts';

interface CheckParameters extends InstanceParameters {
  readonly check: string;
}

const parametersSchema: z.ZodType<CheckParameters> = z.strictObject({
  name: serviceNameSchema,
  id: instanceIdSchema,
  check: checkIdSchema,
});

interface Report {
  readonly status: CheckStatus;
  readonly output?: string | undefined;
}

/** Longer outputs are shortened, but what is longer than this is no output. */
const maxReportLength = 65_536;

const reportSchema: z.ZodType<Report> = z.strictObject({
  status: z.enum(checkStatuses),
  output: z.string().max(maxReportLength).optional(),
});

/** For checks that the registry makes by itself there is nothing to report. */
function refuseProbed({ name, id, check }: CheckParameters, definition: CheckDefinition | undefined): void {
  if (definition === undefined || definition.type === 'ttl') return;
  throw new AppError('INVALID_REQUEST', {
    detail: `The registry makes the check ${check} of ${name}/${id} by itself (${definition.type}): nobody reports it`,
  });
}

/**
 * `PUT /services/{name}/instances/{id}/checks/{check}`: adds a check, or changes one, which keeps its status.
 * `PUT …/report`: says how it is, for checks that wait for reports. `DELETE`: ends it. With the token of the registration, or
 * by an operator, without.
 */
export function changeCheck(
  app: HttpApp,
  registry: Registry,
  access: RequestAccess,
  { allowLinkLocal = false }: RegistrationRules,
): void {
  const { checks, view } = registry;
  const path = '/services/:name/instances/:id/checks/:check';

  function shown({ name, id, check }: CheckParameters): ShownCheck {
    const found = view.check(name, id, check);
    if (found === undefined) throw new AppError('CHECK_NOT_FOUND', { parameters: { name, id, check } });
    return showCheck(found, checks.lastRun(found));
  }

  app.put(path, { schema: { params: parametersSchema, body: checkDefinitionSchema } }, async (request) => {
    const { params } = request;
    const definition: CheckDefinition = { ...request.body, id: params.check };
    if (request.body.id !== undefined && request.body.id !== params.check)
      throw new AppError('INVALID_REQUEST', { detail: 'The id of the check differs from the one in the path' });
    refuseLinkLocalTargets([definition], allowLinkLocal, '');
    registry.conditions.requireClaim({ ...params, token: tokenOf(request), doing: 'change a check' });
    const { title, notes, initial_status: status = 'passing' } = definition;
    await checks.put(params, { check: params.check, definition, title, notes, status }, access.actorOf(request, 'api'));
    return shown(params);
  });

  app.put(`${path}/report`, { schema: { params: parametersSchema, body: reportSchema } }, async (request) => {
    const { params, body } = request;
    registry.conditions.requireClaim({ ...params, token: tokenOf(request), doing: 'report' });
    refuseProbed(params, view.check(params.name, params.id, params.check)?.definition);
    await checks.report(params, body, access.actorOf(request, 'api'));
    return shown(params);
  });

  app.delete(path, { schema: { params: parametersSchema } }, async (request, reply) => {
    registry.conditions.requireClaim({ ...request.params, token: tokenOf(request), doing: 'end a check' });
    await checks.remove(request.params, access.actorOf(request, 'api'));
    return reply.code(204).send();
  });
}
