import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icon.tsx';

interface ButtonProps {
  readonly onClick?: (event: MouseEvent) => void;
  readonly icon?: IconName;
  /** `main`: what one came for, once per view. Default: none of these. */
  readonly look?: 'main' | 'danger' | 'quiet';
  /** The words of a button with an icon alone, or more about one with words; shown when the pointer rests on it. */
  readonly label?: string;
  readonly disabled?: boolean;
  readonly type?: 'button' | 'submit';
  readonly pressed?: boolean;
  readonly expanded?: boolean;
  readonly children?: ComponentChildren;
}

/** A button. One without children needs a label. */
export function Button({
  onClick,
  icon,
  look,
  label,
  disabled = false,
  type = 'button',
  pressed,
  expanded,
  children,
}: ButtonProps): JSX.Element {
  return (
    <button
      type={type}
      class="button"
      data-look={look}
      data-icon={children === undefined ? '' : undefined}
      aria-label={children === undefined ? label : undefined}
      title={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      disabled={disabled}
      onClick={(event) => {
        // Buttons stand in rows that are links themselves.
        event.stopPropagation();
        onClick?.(event);
      }}
    >
      {icon !== undefined && <Icon name={icon} size={14} />}
      {children}
    </button>
  );
}
