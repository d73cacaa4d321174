import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { useTexts } from '../app/app.ts';
import { Button } from './button.tsx';
import { uiTexts } from './ui-texts.ts';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** Buttons, the main one last. */
  readonly foot?: ComponentChildren;
  /** Called by the main button and by Enter in a field. */
  readonly onSubmit?: () => void;
  readonly children: ComponentChildren;
}

/** A window above the page, for as long as it is rendered. Escape closes it; the focus returns to where it was. */
export function Dialog({ title, onClose, foot, onSubmit, children }: DialogProps): JSX.Element {
  const texts = useTexts(uiTexts);
  const id = useId();
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // The ground behind the window belongs to the element itself.
        if (event.target === element.current) onClose();
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit?.();
        }}
      >
        <header>
          <h2 id={id}>{title}</h2>
          <Button icon="close" look="quiet" label={texts.close} onClick={onClose} />
        </header>
        <div class="body">{children}</div>
        {foot !== undefined && <footer>{foot}</footer>}
      </form>
    </dialog>
  );
}
