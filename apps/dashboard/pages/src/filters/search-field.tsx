import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../ui/icon.tsx';

/** How long after the last key a text counts as typed. */
const settledMs = 250;

/** A field for a text to look for. What is typed counts when the typing pauses, or with Enter. */
export function SearchField({
  label,
  value,
  onSearch,
}: {
  readonly label: string;
  readonly value: string;
  readonly onSearch: (text: string) => void;
}): JSX.Element {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  // The address may change by a link, or by Back. If it does by what was typed here, more may have been typed since: it stays.
  const told = useRef(value);
  useEffect(() => {
    if (value !== told.current) setText(value);
    told.current = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const settle = (typed: string): void => {
    clearTimeout(timer.current);
    // What is pasted often has blanks around it.
    const settled = typed.trim();
    told.current = settled;
    if (settled !== value) onSearch(settled);
  };
  return (
    <label class="search">
      <Icon name="search" size={14} />
      <span class="unseen">{label}</span>
      <input
        class="input"
        type="search"
        placeholder={label}
        value={text}
        onInput={(event) => {
          const typed = event.currentTarget.value;
          setText(typed);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => settle(typed), settledMs);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') settle(event.currentTarget.value);
        }}
      />
    </label>
  );
}
