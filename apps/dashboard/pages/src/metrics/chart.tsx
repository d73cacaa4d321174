import type { MetricInfo, MetricResult } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useApp, useTexts } from '../app/app.ts';
import './chart.css';
import { chartOptions } from './chart-options.ts';
import { chartData, namedSeries, seriesFigures } from './chart-series.ts';
import { metricsTexts } from './metrics-texts.ts';
import { useFigure } from './use-figure.ts';

interface ChartProps {
  readonly title: string;
  readonly result: MetricResult;
  readonly kind: MetricInfo['kind'];
  /** Called with the part of the time that was dragged over, in milliseconds since the epoch. */
  readonly onSelect: (fromMs: number, toMs: number) => void;
}

const heightPx = 170;

/** Lines over time, with a legend that shows the values under the pointer, and all of it as a table. */
export function Chart({ title, result, kind, onSelect }: ChartProps): JSX.Element {
  const { preferences } = useApp();
  const texts = useTexts(metricsTexts);
  const write = useFigure(result, kind);
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const [pointed, setPointed] = useState<number | null>(null);
  const names = namedSeries(result).map(({ name }) => name);
  const data = useMemo(() => chartData(result), [result]);
  const figures = useMemo(() => seriesFigures(result), [result]);
  const current = useRef({ write, onSelect });
  current.current = { write, onSelect };
  const shape = names.join('\n');

  // Lines, language and theme make another chart; new values only move the lines of the one that is there.
  const theme = preferences.theme.value;
  const language = preferences.language.value;
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const chart = new uPlot(
      chartOptions({
        element,
        seriesCount: names.length,
        heightPx,
        write: (value) => current.current.write(value),
        onSelect: (fromMs, toMs) => current.current.onSelect(fromMs, toMs),
        onPoint: setPointed,
      }),
      mutable(data),
      element,
    );
    plot.current = chart;
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: heightPx }));
    observer.observe(element);
    const dusk = window.matchMedia('(prefers-color-scheme: dark)');
    const redraw = (): void => chart.redraw(false, true);
    dusk.addEventListener('change', redraw);
    return () => {
      dusk.removeEventListener('change', redraw);
      observer.disconnect();
      chart.destroy();
      plot.current = undefined;
    };
  }, [shape, theme, language]);
  useEffect(() => plot.current?.setData(mutable(data)), [data]);

  const values = (index: number): string => {
    const value = pointed === null ? figures[index]?.last : data[index + 1]?.[pointed];
    return typeof value === 'number' ? write(value) : '–';
  };
  const spoken = names.map((name, index) => `${name || texts.all} ${values(index)}`).join(', ');
  return (
    <div class="chart">
      <div ref={frame} class="plot" role="img" aria-label={texts.chart(title, spoken)} />
      <ul class="legend" aria-hidden="true">
        {names.map((name, index) => (
          <li key={name} style={{ '--color': `var(--series-${(index % 8) + 1})` }}>
            <span>{name || texts.all}</span> <b>{values(index)}</b>
          </li>
        ))}
      </ul>
      <FiguresTable title={title} figures={figures} write={write} />
    </div>
  );
}

function FiguresTable({
  title,
  figures,
  write,
}: {
  readonly title: string;
  readonly figures: ReturnType<typeof seriesFigures>;
  readonly write: (value: number) => string;
}): JSX.Element {
  const texts = useTexts(metricsTexts);
  const written = (value: number | undefined): string => (value === undefined ? texts.unknown : write(value));
  return (
    <details class="figures">
      <summary>{texts.asTable}</summary>
      <table aria-label={title}>
        <thead>
          <tr>
            {[texts.series, texts.last, texts.least, texts.most, texts.mean].map((header) => (
              <th key={header} scope="col">
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.map(({ name, last, least, most, mean }) => (
            <tr key={name}>
              <th scope="row">{name || texts.all}</th>
              <td>{written(last)}</td>
              <td>{written(least)}</td>
              <td>{written(most)}</td>
              <td>{written(mean)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** uPlot takes arrays that it could change, and does not. */
function mutable(data: ReturnType<typeof chartData>): uPlot.AlignedData {
  return data as unknown as uPlot.AlignedData;
}
