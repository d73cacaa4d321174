import type { JSX } from 'preact';

interface ChoiceFieldProps {
  /** What is chosen, for readers of screens, and what is shown while nothing is: `All services`. */
  readonly label: string;
  readonly all: string;
  readonly value: string;
  /** Pairs of value and text; a text alone stands for itself. */
  readonly choices: readonly (string | readonly [string, string])[];
  readonly onChoose: (value: string) => void;
}

/** One of several values, or all. A value that an address has and the choices have not is a choice too. */
export function ChoiceField({ label, all, value, choices, onChoose }: ChoiceFieldProps): JSX.Element {
  const pairs = choices.map((choice) => (typeof choice === 'string' ? ([choice, choice] as const) : choice));
  const isKnown = value === '' || pairs.some(([known]) => known === value);
  return (
    <select
      class="input choice"
      aria-label={label}
      value={value}
      data-set={value === '' ? undefined : ''}
      onChange={(event) => onChoose(event.currentTarget.value)}
    >
      <option value="">{all}</option>
      {!isKnown && <option value={value}>{value}</option>}
      {pairs.map(([known, text]) => (
        <option key={known} value={known}>
          {text}
        </option>
      ))}
    </select>
  );
}
