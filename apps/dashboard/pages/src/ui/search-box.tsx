import type { JSX } from 'preact';
import { Icon } from './icon.tsx';

/** A text to search for. It is told with each letter. */
export function SearchBox({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}): JSX.Element {
  return (
    <span class="search">
      <Icon name="search" size={14} />
      <input
        type="search"
        class="input"
        aria-label={label}
        placeholder={label}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </span>
  );
}
