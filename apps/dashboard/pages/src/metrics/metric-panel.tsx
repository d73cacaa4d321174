import type { MetricInfo, MetricResult, MetricShow } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useApp, useFormat, useTexts } from '../app/app.ts';
import { useResource } from '../app/use-resource.ts';
import { limitsOf, type TimeRange } from '../time/time-range.ts';
import { Note, Shown } from '../ui/note.tsx';
import { Panel } from '../ui/page.tsx';
import { Chart } from './chart.tsx';
import { hasFigures } from './chart-series.ts';
import { metricsTexts } from './metrics-texts.ts';
import { metricQuery } from './panels.ts';

/** Values along a chart: about one for each few pixels of it. */
const points = 120;

/** How often a chart moves on, at least; long ranges move as their points do. */
const leastStepMs = 5_000;

interface MetricPanelProps {
  readonly title: string;
  readonly chart: {
    readonly metric: string;
    readonly kind: MetricInfo['kind'];
    readonly show: MetricShow;
    readonly groupBy: readonly string[];
  };
  readonly service: string;
  readonly range: TimeRange;
  readonly onSelect: (fromMs: number, toMs: number) => void;
}

/** A chart of one metric, kept up to date while its range ends now. */
export function MetricPanel({ title, chart, service, range, onSelect }: MetricPanelProps): JSX.Element {
  const { nowMs } = useApp();
  const texts = useTexts(metricsTexts);
  const format = useFormat();
  const stepMs = Math.max(leastStepMs, range.kind === 'last' ? range.lastMs / points : 0);
  const limits = limitsOf(range, Math.ceil(nowMs.value / stepMs) * stepMs);
  const query = metricQuery(chart, service, limits, points);
  const { answer, reload } = useResource<MetricResult>(`/api/metrics/query?${query}`, { keepPrevious: true });
  return (
    <Panel title={title}>
      <Shown answer={answer} reload={reload}>
        {(result) =>
          hasFigures(result) ? (
            <>
              <Chart title={title} result={result} kind={chart.kind} onSelect={onSelect} />
              {result.leftOut > 0 && <Note tone="calm">{texts.leftOut(format.number(result.leftOut))}</Note>}
            </>
          ) : (
            <p class="muted">{texts.noFigures}</p>
          )
        }
      </Shown>
    </Panel>
  );
}
