import type { Overview } from '@flotilla/dashboard/wire';
import { useResource } from '../app/use-resource.ts';

/** Whether the fleet has a gateway, as most have: until it is known, it is taken for granted. */
export function useHasGateway(): boolean {
  const { answer } = useResource<Overview>('/api/overview', { event: 'overview' });
  return answer.kind !== 'ready' || answer.value.programs.some(({ role }) => role === 'gateway');
}

/** The names of all programs, to choose from. */
export function useServices(): readonly string[] {
  const { answer } = useResource<Overview>('/api/overview', { event: 'overview' });
  return answer.kind === 'ready' ? answer.value.programs.map(({ name }) => name).toSorted() : [];
}
