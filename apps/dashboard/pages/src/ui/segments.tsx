import type { JSX } from 'preact';
import { Icon, type IconName } from './icon.tsx';

interface SegmentsProps<T extends string> {
  /** What is chosen here, for readers of screens. */
  readonly label: string;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly text: string; readonly icon?: IconName }[];
  readonly onChoose: (value: T) => void;
}

/** One of a few choices, all in sight. One with an icon shows that alone. */
export function Segments<T extends string>({ label, value, choices, onChoose }: SegmentsProps<T>): JSX.Element {
  return (
    <fieldset class="segments" aria-label={label}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === value}
          aria-label={choice.icon && choice.text}
          title={choice.icon && choice.text}
          onClick={() => onChoose(choice.value)}
        >
          {choice.icon === undefined ? choice.text : <Icon name={choice.icon} size={14} />}
        </button>
      ))}
    </fieldset>
  );
}
