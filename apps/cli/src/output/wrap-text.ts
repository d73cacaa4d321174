import { textWidth } from '@flotilla/kit/text-width';

/** The text in lines of at most `columns`, broken between words; a line end of its own stays one. */
export function wrapText(text: string, columns: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [''];
    for (const word of paragraph.split(' ')) {
      const last = lines.at(-1) ?? '';
      const longer = last === '' ? word : `${last} ${word}`;
      if (last !== '' && textWidth(longer) > columns) lines.push(word);
      else lines[lines.length - 1] = longer;
    }
    return lines;
  });
}
