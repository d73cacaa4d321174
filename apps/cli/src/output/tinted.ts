import { paint } from '@flotilla/kit/terminal';

/** `text` in a colour, where colours are wanted. */
export function tinted(text: string, code: number, colour: boolean): string {
  return colour ? paint(text, code) : text;
}
