import { AppError, coreErrors, readProblem, relayedError } from '@flotilla/contracts';
import { readJson } from '@flotilla/contracts/json';
import { asSentence } from '@flotilla/contracts/sentence';
import { type RegistryAnswer, RegistryAway, type RegistryCall, type RegistryHttp } from '../sources/index.ts';

/** Asks the registry on behalf of a page. Throws an AppError with the registry's own words if it refuses. */
export async function askRegistry(registry: RegistryHttp | undefined, call: RegistryCall): Promise<RegistryAnswer> {
  if (registry === undefined)
    throw new AppError('NOT_IMPLEMENTED', {
      detail:
        'REGISTRY_URL names a registry of another kind, which the dashboard cannot show. Its services are known by their telemetry alone.',
    });
  let answer: RegistryAnswer;
  try {
    answer = await registry.call(call);
  } catch (error) {
    if (!(error instanceof RegistryAway)) throw error;
    throw new AppError('REGISTRY_UNAVAILABLE', { detail: error.message, retryAfterMs: 1_000, cause: error });
  }
  if (answer.status < 400) return answer;
  throw refusal(answer);
}

/** The body of an answer as JSON; undefined if it is none. */
export function jsonOf({ body }: RegistryAnswer): unknown {
  const read = readJson(body);
  return read.ok ? read.value : undefined;
}

function refusal(answer: RegistryAnswer): AppError {
  const { status } = answer;
  const problem = readProblem(jsonOf(answer));
  const said = problem?.detail ?? problem?.title ?? `It answered ${status}`;
  // Those are about the token of the dashboard, not about the person who looks at it.
  if (status === 401 || status === 403)
    return new AppError('FORBIDDEN', {
      detail: `The registry refuses this to the dashboard: ${asSentence(said)} Set REGISTRY_TOKEN of the dashboard to a token that may do this.`,
    });
  const handedOn = problem && relayedError(problem, status, coreErrors.INTERNAL);
  return handedOn ?? new AppError('CONFLICT', { detail: `The registry refuses this: ${asSentence(said)}` });
}
