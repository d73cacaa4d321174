import type { MetricCatalog, MetricInfo, MetricShow } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useApp, useTexts } from '../app/app.ts';
import { ChoiceField } from '../filters/choice-field.tsx';
import type { TimeRange } from '../time/time-range.ts';
import { Panel } from '../ui/page.tsx';
import { MetricPanel } from './metric-panel.tsx';
import { metricsTexts } from './metrics-texts.ts';
import { showsOf } from './panels.ts';

/** A chart of whichever metric one chooses; the choice is in the address. */
export function MetricPicker({
  catalog,
  service,
  range,
  onSelect,
}: {
  readonly catalog: MetricCatalog;
  readonly service: string;
  readonly range: TimeRange;
  readonly onSelect: (fromMs: number, toMs: number) => void;
}): JSX.Element {
  const { router } = useApp();
  const texts = useTexts(metricsTexts);
  const { query } = router.place.value;
  const offered = catalog.metrics.filter((info) => service === '' || info.services.includes(service));
  const info = catalog.metrics.find(({ name }) => name === query.get('metric'));
  return (
    <>
      <Panel title={texts.any}>
        <div class="filters">
          <ChoiceField
            label={texts.metric}
            all={texts.choose}
            value={info?.name ?? ''}
            choices={offered.map(({ name }) => name).toSorted()}
            onChoose={(metric) => router.setQuery({ metric, show: undefined, group_by: undefined })}
          />
          {info !== undefined && <ShowFields info={info} />}
        </div>
        {info !== undefined && info.help !== '' && <p class="muted help">{info.help}</p>}
      </Panel>
      {info !== undefined && (
        <MetricPanel
          title={info.name}
          chart={{ metric: info.name, kind: info.kind, show: shownOf(info, query), groupBy: groupOf(info, query) }}
          service={service}
          range={range}
          onSelect={onSelect}
        />
      )}
    </>
  );
}

function ShowFields({ info }: { readonly info: MetricInfo }): JSX.Element {
  const { router } = useApp();
  const texts = useTexts(metricsTexts);
  const { query } = router.place.value;
  return (
    <>
      <select
        class="input choice"
        aria-label={texts.show}
        value={shownOf(info, query)}
        onChange={(event) => router.setQuery({ show: event.currentTarget.value })}
      >
        {showsOf(info).map((show) => (
          <option key={show} value={show}>
            {texts.shows[show]}
          </option>
        ))}
      </select>
      <select
        class="input choice"
        aria-label={texts.groupBy}
        value={query.get('group_by') ?? 'service'}
        onChange={(event) => router.setQuery({ group_by: event.currentTarget.value })}
      >
        <option value="none">{texts.noGroup}</option>
        {['service', 'instance', ...info.attributes].map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </>
  );
}

function shownOf(info: MetricInfo, query: URLSearchParams): MetricShow {
  const shows = showsOf(info);
  return shows.find((show) => show === query.get('show')) ?? shows[0] ?? 'value';
}

function groupOf(info: MetricInfo, query: URLSearchParams): readonly string[] {
  const group = query.get('group_by') ?? 'service';
  return group === 'service' || group === 'instance' || info.attributes.includes(group) ? [group] : [];
}
