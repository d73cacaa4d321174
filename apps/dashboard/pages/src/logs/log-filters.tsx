import type { LogLevel } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useTexts } from '../app/app.ts';
import { ChoiceField } from '../filters/choice-field.tsx';
import { filterTexts } from '../filters/filter-texts.ts';
import { SearchField } from '../filters/search-field.tsx';
import { useServices } from '../filters/use-services.ts';
import { Button } from '../ui/button.tsx';
import { type LogFilter, logLevels } from './log-filter.ts';
import { logsTexts } from './logs-texts.ts';

/** What can be chosen of logs. A trace or an instance comes by a link, and can be taken out again. */
export function LogFilters({
  filter,
  onChange,
}: {
  readonly filter: LogFilter;
  readonly onChange: (filter: LogFilter) => void;
}): JSX.Element {
  const texts = useTexts(logsTexts);
  const shared = useTexts(filterTexts);
  const services = useServices();
  const change = (changes: Partial<LogFilter>): void => onChange({ ...filter, ...changes });
  return (
    <search class="filters">
      <SearchField label={texts.search} value={filter.text} onSearch={(text) => change({ text })} />
      <ChoiceField
        label={texts.level}
        all={texts.allLevels}
        value={filter.level ?? ''}
        choices={logLevels.slice(1).map((level) => [level, texts.atLeast(level.toUpperCase())] as const)}
        // What can be chosen here are levels.
        onChoose={(level) => change({ level: level === '' ? undefined : (level as LogLevel) })}
      />
      <ChoiceField
        label={shared.service}
        all={shared.allServices}
        value={filter.service}
        choices={services}
        onChoose={(service) => change({ service })}
      />
      {filter.traceId !== '' && (
        <span class="between">
          <span class="mono">{texts.trace(`${filter.traceId.slice(0, 12)}…`)}</span>
          <Button icon="close" look="quiet" label={texts.remove} onClick={() => change({ traceId: '' })} />
        </span>
      )}
      {filter.instance !== '' && (
        <span class="between">
          <span class="mono">{texts.instance(filter.instance)}</span>
          <Button icon="close" look="quiet" label={texts.remove} onClick={() => change({ instance: '' })} />
        </span>
      )}
    </search>
  );
}
