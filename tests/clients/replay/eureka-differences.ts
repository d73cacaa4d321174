import type { Difference } from './compare.ts';
import type { PublishedDifference } from './differences.ts';

/** Where our Eureka API answers differently on purpose: rows of `docs/registry-differences.md`. */
const publishedDifferences: readonly PublishedDifference[] = [
  { id: 'errors-as-text', steps: /./, where: /^header content-type of an error$/ },
  {
    id: 'errors-as-text',
    steps: /^(?:unknown|renew|override|end|add metadata|cancel|post|delete|another type)/,
    where: /^body$/,
  },
  { id: 'errors-as-text', steps: /^no JSON$/, where: /^body$/ },
  { id: 'own-ids', steps: /without an id|^list of all|^compact list/, where: /instanceId/ },
  { id: 'loose-bodies', steps: /^a data center without its class$/, where: /^status$/ },
  { id: 'clear-refusals', steps: /^(?:renew at no time|override with no word of Eureka)$/, where: /^status$/ },
  { id: 'action-types', steps: /^still down|^with more metadata|^list of all|^compact list/, where: /actionType$/ },
  { id: 'xml-status', steps: /^out of service in XML$/, where: /^element status$/ },
  { id: 'compact-fields', steps: /^compact list/, where: /registeredApplicationsEmpty/ },
];

/** The published difference that covers this one. */
export function publishedForEureka({ step, where }: Difference): PublishedDifference | undefined {
  return publishedDifferences.find((one) => one.steps.test(step) && one.where.test(where));
}
