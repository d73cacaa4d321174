import type { Overview } from '@flotilla/dashboard/wire';
import { useResource } from '../app/use-resource.ts';

/** The names of all programs, to choose from. */
export function useServices(): readonly string[] {
  const { answer } = useResource<Overview>('/api/overview', { event: 'overview' });
  return answer.kind === 'ready' ? answer.value.programs.map(({ name }) => name).toSorted() : [];
}
