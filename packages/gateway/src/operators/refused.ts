import type { AppError } from '@flotilla/contracts';
import type { RouteExplanation } from './views.ts';

/** What becomes of a request that the gateway answers with this error. `steps` led there; the last one is added. */
export function refused(error: AppError, steps: readonly string[]): RouteExplanation {
  const { allow, code, detail, status } = error;
  const fields = error.fields.map(({ field, code: rule }) => `${field} ${rule}`);
  const more = [
    // A step is no sentence.
    ...(detail === undefined ? [] : [detail.replace(/\.$/, '')]),
    ...(fields.length === 0 ? [] : [`fields: ${fields.join(', ')}`]),
    ...(allow.length === 0 ? [] : [`Allow: ${allow.join(', ')}`]),
  ];
  const step = `the gateway answers ${status} ${code}${more.length === 0 ? '' : `: ${more.join('; ')}`}`;
  return { outcome: 'refused', steps: [...steps, step], answer: { status, code } };
}
