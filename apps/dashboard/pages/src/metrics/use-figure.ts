import type { MetricInfo, MetricResult } from '@flotilla/dashboard/wire';
import { useFormat } from '../app/app.ts';
import { figureKind, msPerUnit } from './chart-series.ts';

/** Writes the figures of a result in their unit. */
export function useFigure(
  result: Pick<MetricResult, 'show' | 'unit'>,
  kind: MetricInfo['kind'],
): (value: number) => string {
  const format = useFormat();
  const figure = figureKind(result, kind);
  switch (figure) {
    case 'duration':
      return (value) => format.duration(value * msPerUnit(result.unit));
    case 'bytes':
      return format.bytes;
    case 'share':
      return format.share;
    case 'rate':
      return format.rate;
    case 'number':
      return format.number;
    default:
      return figure satisfies never;
  }
}
