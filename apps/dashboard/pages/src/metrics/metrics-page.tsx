import type { MetricCatalog } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useApp, useTexts } from '../app/app.ts';
import { useResource } from '../app/use-resource.ts';
import { ChoiceField } from '../filters/choice-field.tsx';
import { filterTexts } from '../filters/filter-texts.ts';
import '../filters/filters.css';
import { RangeField } from '../filters/range-field.tsx';
import { putRange, rangeOf, type TimeRange } from '../time/time-range.ts';
import { Empty, Shown } from '../ui/note.tsx';
import { Page, Panel } from '../ui/page.tsx';
import { MetricPanel } from './metric-panel.tsx';
import { MetricPicker } from './metric-picker.tsx';
import { metricsTexts } from './metrics-texts.ts';
import { panelsFor } from './panels.ts';

/** New metrics appear rarely, when a program does something for the first time. */
const catalogEveryMs = 15_000;

const defaultRange = '15m';

/** What is measured: rate, errors and duration first, then what tells why, then anything one asks for. */
export function MetricsPage(): JSX.Element {
  const { router } = useApp();
  const texts = useTexts(metricsTexts);
  const shared = useTexts(filterTexts);
  const { query } = router.place.value;
  const service = query.get('service') ?? '';
  const range = rangeOf(query, defaultRange);
  const { answer, reload } = useResource<MetricCatalog>('/api/metrics', { everyMs: catalogEveryMs });
  const setRange = (next: TimeRange): void => {
    const search = new URLSearchParams();
    putRange(search, next);
    router.setQuery({ range: undefined, from_ms: undefined, to_ms: undefined, ...Object.fromEntries(search) });
  };
  const select = (fromMs: number, toMs: number): void => setRange({ kind: 'between', fromMs, toMs });
  const services =
    answer.kind === 'ready' ? [...new Set(answer.value.metrics.flatMap((info) => info.services))].toSorted() : [];
  return (
    <Page title={texts.title} lead={texts.zoomHint} tools={<RangeField range={range} onChange={setRange} />}>
      <search class="filters">
        <ChoiceField
          label={shared.service}
          all={shared.allServices}
          value={service}
          choices={services}
          onChoose={(chosen) => router.setQuery({ service: chosen })}
        />
      </search>
      <Shown answer={answer} reload={reload}>
        {(catalog) =>
          catalog.metrics.length === 0 ? (
            <Panel>
              <Empty title={texts.none}>{texts.noneText}</Empty>
            </Panel>
          ) : (
            <>
              {panelsFor(catalog, service).map(
                (group) =>
                  group.panels.length > 0 && (
                    <section key={group.id} class="stack" aria-labelledby={`group-${group.id}`}>
                      <h2 id={`group-${group.id}`}>
                        {texts.groups[group.id]}
                        {group.id === 'red' && (
                          <span class="muted"> {service === '' ? texts.byService : texts.byRoute}</span>
                        )}
                      </h2>
                      <div class="charts">
                        {group.panels.map((panel) => (
                          <MetricPanel
                            key={panel.id}
                            title={texts.panels[panel.id]}
                            chart={panel}
                            service={service}
                            range={range}
                            onSelect={select}
                          />
                        ))}
                      </div>
                    </section>
                  ),
              )}
              <MetricPicker catalog={catalog} service={service} range={range} onSelect={select} />
            </>
          )
        }
      </Shown>
    </Page>
  );
}
