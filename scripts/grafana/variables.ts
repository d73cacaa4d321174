import type { Variable } from './panel.ts';
import { server } from './queries.ts';

/** Which programs to show. */
export const job: Variable = { name: 'job', label: 'Program', query: `label_values(${server}_count, job)` };
/** Which of their instances. */
export const instance: Variable = {
  name: 'instance',
  label: 'Instance',
  query: 'label_values(up{job=~"$job"}, instance)',
};
