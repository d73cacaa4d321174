import type { JSX } from 'preact';
import { useFormat, useTexts } from '../app/app.ts';
import { ChoiceField } from '../filters/choice-field.tsx';
import { filterTexts } from '../filters/filter-texts.ts';
import { SearchField } from '../filters/search-field.tsx';
import { arrivalOf, type RequestFilter } from './request-filter.ts';
import { requestsTexts } from './requests-texts.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const durationsMs = [10, 50, 100, 250, 500, 1000, 5000];

/** What can be chosen of requests. */
export function RequestFilters({
  filter,
  services,
  routes,
  hasGateway,
  onChange,
}: {
  readonly filter: RequestFilter;
  /** Without one, requests come in anywhere. */
  readonly hasGateway: boolean;
  readonly services: readonly string[];
  readonly routes: readonly string[];
  readonly onChange: (filter: RequestFilter) => void;
}): JSX.Element {
  const texts = useTexts(requestsTexts);
  const shared = useTexts(filterTexts);
  const format = useFormat();
  const change = (changes: Partial<RequestFilter>): void => onChange({ ...filter, ...changes });
  return (
    <search class="filters">
      <SearchField label={texts.search} value={filter.text} onSearch={(text) => change({ text })} />
      {hasGateway && (
        <ChoiceField
          label={texts.arrival}
          all={texts.arrivals.gateway}
          value={arrivalOf(filter) === 'gateway' ? '' : 'anywhere'}
          choices={[['anywhere', texts.arrivals.anywhere]]}
          onChoose={(value) => change({ at: value === '' ? 'gateway' : 'anywhere' })}
        />
      )}
      <ChoiceField
        label={texts.status}
        all={texts.allStatuses}
        value={filter.status}
        choices={Object.entries(texts.statuses)}
        onChoose={(status) => change({ status })}
      />
      <ChoiceField
        label={texts.duration}
        all={texts.anyDuration}
        value={filter.minMs === undefined ? '' : String(filter.minMs)}
        choices={[...new Set([...durationsMs, ...(filter.minMs === undefined ? [] : [filter.minMs])])]
          .toSorted((a, b) => a - b)
          .map((ms) => [String(ms), texts.slowerThan(format.duration(ms))] as const)}
        onChoose={(value) => change({ minMs: value === '' ? undefined : Number(value) })}
      />
      <ChoiceField
        label={shared.service}
        all={shared.allServices}
        value={filter.service}
        choices={services}
        onChoose={(service) => change({ service })}
      />
      <ChoiceField
        label={texts.route}
        all={texts.allRoutes}
        value={filter.route}
        choices={routes}
        onChoose={(route) => change({ route })}
      />
      <ChoiceField
        label={texts.method}
        all={texts.allMethods}
        value={filter.method}
        choices={methods}
        onChoose={(method) => change({ method })}
      />
    </search>
  );
}
