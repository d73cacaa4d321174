import type uPlot from 'uplot';

interface ChartOptions {
  /** Where the chart stands: its colours are those of the styles there. */
  readonly element: HTMLElement;
  readonly seriesCount: number;
  readonly heightPx: number;
  readonly write: (value: number) => string;
  readonly onSelect: (fromMs: number, toMs: number) => void;
  /** Called with the index of the time under the pointer; null: there is none. */
  readonly onPoint: (index: number | null) => void;
}

/** Room for the figures at the left edge. */
const axisPx = 62;

/** A part of the time shorter than this is a click, not a choice. */
const leastSelectedPx = 6;

/** How charts of the pages look. Colours are read when a chart is drawn, so that they follow the theme. */
export function chartOptions(options: ChartOptions): uPlot.Options {
  const { element, seriesCount, heightPx, write, onSelect, onPoint } = options;
  const color = (name: string) => () => readColor(element, name);
  const grid = { stroke: color('--line'), width: 1 };
  const axis: uPlot.Axis = {
    stroke: color('--muted'),
    grid,
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  return {
    width: element.clientWidth,
    height: heightPx,
    // On the right, half of the last time must fit.
    padding: [8, 20, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, sync: { key: 'metrics' }, drag: { x: true, y: false, setScale: false } },
    scales: {
      y: {
        // Zero is part of the picture: else noise looks like a mountain.
        range: (_plot, _least, most) => [0, most > 0 ? most * 1.1 : 1],
      },
    },
    axes: [
      { ...axis, size: 28, space: 70, values: (_plot, times) => times.map(clock(times)) },
      { ...axis, size: axisPx, space: 32, values: (_plot, values) => values.map(write) },
    ],
    series: [
      {},
      ...Array.from({ length: seriesCount }, (_, index): uPlot.Series => {
        const stroke = color(`--series-${(index % 8) + 1}`);
        // The ninth line has the colour of the first, and dashes.
        const dash = index >= 8 ? { dash: [5, 4] } : {};
        return { stroke, width: 1.6, spanGaps: false, points: { show: isAlone, size: 4, fill: stroke }, ...dash };
      }),
    ],
    hooks: {
      setCursor: [(plot) => onPoint(plot.cursor.idx ?? null)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < leastSelectedPx) return;
          onSelect(plot.posToVal(left, 'x') * 1000, plot.posToVal(left + width, 'x') * 1000);
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

/** A value without neighbours draws no line, so it is drawn as a point. */
function isAlone(plot: uPlot, seriesIndex: number): boolean {
  const values = plot.data[seriesIndex] ?? [];
  return values.filter((value) => value !== null && value !== undefined).length <= 2;
}

/** How marks on the axis of time are written: with seconds if they are close, with the day if they are far apart. */
function clock(times: readonly number[]): (seconds: number) => string {
  const step = (times[1] ?? 0) - (times[0] ?? 0);
  return (seconds) => {
    const at = new Date(seconds * 1000);
    const pad = (value: number): string => String(value).padStart(2, '0');
    const minutes = `${pad(at.getHours())}:${pad(at.getMinutes())}`;
    return step > 0 && step < 60 ? `${minutes}:${pad(at.getSeconds())}` : minutes;
  };
}

/** A colour as a canvas understands it: those of the styles differ by theme. */
function readColor(element: HTMLElement, name: string): string {
  const probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
