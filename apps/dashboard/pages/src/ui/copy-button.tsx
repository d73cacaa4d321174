import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useTexts } from '../app/app.ts';
import { Button } from './button.tsx';
import { uiTexts } from './ui-texts.ts';

/** Copies a text, and says so for a moment. */
export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }): JSX.Element {
  const texts = useTexts(uiTexts);
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  const words = isCopied ? texts.copied : (label ?? texts.copy);
  return <Button icon={isCopied ? 'check' : 'copy'} look="quiet" label={words} onClick={() => void copy()} />;
}
