import type { ComponentChildren, JSX } from 'preact';
import { useApp } from '../app/app.ts';

interface LinkProps {
  readonly to: string;
  readonly class?: string;
  readonly label?: string;
  /** Whether it leads to where the reader is. */
  readonly isCurrent?: boolean;
  readonly onGo?: () => void;
  readonly children: ComponentChildren;
}

/** A link to a page of the dashboard. With Ctrl, ⌘ or the middle button it opens a tab, as links do. */
export function Link({ to, class: className, label, isCurrent = false, onGo, children }: LinkProps): JSX.Element {
  const { router } = useApp();
  return (
    <a
      href={to}
      class={className}
      aria-label={label}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={(event) => {
        event.stopPropagation();
        if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        router.go(to);
        onGo?.();
      }}
    >
      {children}
    </a>
  );
}
