import type { JSX } from 'preact';
import { useApp, useFormat } from '../app/app.ts';

/** How long ago something was; the moment itself when the pointer rests on it. `say` puts the age into words. */
export function Age({
  at,
  say,
}: {
  readonly at: string | number;
  readonly say?: (age: string) => string;
}): JSX.Element {
  const { nowMs } = useApp();
  const format = useFormat();
  const atMs = typeof at === 'number' ? at : Date.parse(at);
  const age = format.age(Math.max(0, nowMs.value - atMs));
  return (
    <time dateTime={new Date(atMs).toISOString()} title={format.moment(atMs)}>
      {say === undefined ? age : say(age)}
    </time>
  );
}
