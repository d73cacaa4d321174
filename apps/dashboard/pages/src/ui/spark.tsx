import type { JSX } from 'preact';

/** The last values of something as a line without axes: its course, beside the figure itself. */
export function Spark({ values, max }: { readonly values: readonly number[]; readonly max?: number }): JSX.Element {
  const width = 44;
  const height = 16;
  const top = Math.max(max ?? 0, ...values, Number.EPSILON);
  const step = width / Math.max(1, values.length - 1);
  const points = values.map((value, index) => {
    const y = height - 1 - (value / top) * (height - 3);
    return `${(index * step).toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg class="spark" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {values.length > 1 && (
        <>
          <polygon points={`0,${height} ${points.join(' ')} ${width},${height}`} fill="currentColor" opacity="0.14" />
          <polyline points={points.join(' ')} fill="none" stroke="currentColor" stroke-width="1.3" />
        </>
      )}
    </svg>
  );
}
