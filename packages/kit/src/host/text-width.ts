import { stripVTControlCharacters } from 'node:util';

/** Takes no column of its own: accents, joiners, variation selectors. */
const noWidth = /[\p{Mn}\p{Me}\p{Cf}]/u;
/** Takes two columns on a terminal: East Asian scripts, their full-width forms, emoji. */
const doubleWidth =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;
const plain = /^[ -~]*$/;

/** How many columns `text` takes on a terminal. Colours take none. */
export function textWidth(text: string): number {
  const shown = stripVTControlCharacters(text);
  if (plain.test(shown)) return shown.length;
  let width = 0;
  for (const character of shown) width += characterWidth(character);
  return width;
}

/** `text`, without colours, cut to at most `columns`; a cut shows as `…`. */
export function cutToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let cut = '';
  let width = 0;
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns - 1) break;
    cut += character;
  }
  return columns < 1 ? '' : `${cut}…`;
}

/** `text` padded with spaces to `columns`. */
export function padToWidth(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)));
}

function characterWidth(character: string): number {
  if (noWidth.test(character)) return 0;
  return doubleWidth.test(character) ? 2 : 1;
}
