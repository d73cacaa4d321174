import type { Cell, Look } from './screen.ts';

/** Size of a character, of the frame around all, and of the bar above, in pixels. */
const size = { font: 14, width: 8.43, height: 20, frame: 18, bar: 34 } as const;

const background = '#12181f';
const foreground = '#d7dde4';

// biome-ignore format: two rows of eight, as in every list of them.
/** The terminal's 16 colours, each easy to read on the background. */
const colours = [
  '#5c6773', '#f07178', '#8fd6a0', '#e6c07b', '#7cb7ff', '#d7a6f5', '#70d0d6', '#d7dde4',
  '#8793a0', '#ff8a8f', '#a8e6b5', '#f5d491', '#9ccbff', '#e6c0ff', '#8be4ea', '#ffffff',
] as const;

/** Draws rows of a screen as a window, in SVG: real text, which can be selected and is sharp at every size. */
export function drawScreen(
  rows: readonly (readonly Cell[])[],
  { title, columns }: { readonly title: string; readonly columns: number },
): string {
  const width = Math.ceil(2 * size.frame + columns * size.width);
  const height = size.bar + rows.length * size.height + size.frame;
  const lines = rows.flatMap((row, index) => drawRow(row, size.bar + (index + 0.75) * size.height));
  const buttons = ['#ff5f57', '#febc2e', '#28c840'].map(
    (colour, index) => `<circle cx="${20 + index * 20}" cy="17" r="6" fill="${colour}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>A terminal: ${escape(title)}</title>
<rect width="${width}" height="${height}" rx="10" fill="${background}"/>
${buttons.join('')}
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${size.font}" fill="${foreground}">
${lines.join('\n')}
</g>
</svg>
`;
}

/** One text for each group of words that look the same, at the place of its first character: fonts differ in their widths. */
function drawRow(row: readonly Cell[], y: number): readonly string[] {
  const drawn: string[] = [];
  let start = 0;
  while (start < row.length) {
    const look = row[start]?.look;
    let end = start + 1;
    while (end < row.length && sameLook(row[end]?.look, look)) end += 1;
    for (const { from, to, text } of groups(row, start, end)) {
      const x = (size.frame + from * size.width).toFixed(1);
      const length = ((to - from) * size.width).toFixed(1);
      const fill = look === undefined ? '' : attributes(look);
      drawn.push(`<text x="${x}" y="${y}" textLength="${length}"${fill}>${escape(text)}</text>`);
    }
    start = end;
  }
  return drawn;
}

/** The words from one column to another, together where a single space is between them: SVG makes one of several. */
function groups(
  row: readonly Cell[],
  start: number,
  end: number,
): readonly { readonly from: number; readonly to: number; readonly text: string }[] {
  // A character of double width has an empty place after it, which keeps columns and places in the text the same.
  const text = row.slice(start, end).map(({ character }) => (character === '' ? '\u200b' : character));
  return [...text.join('').matchAll(/\S+(?: \S+)*/g)].map((match) => ({
    from: start + match.index,
    to: start + match.index + match[0].length,
    text: match[0].replaceAll('\u200b', ''),
  }));
}

function attributes({ colour, bold, dim }: Look): string {
  const fill = colour === undefined ? '' : ` fill="${colours[colour] ?? foreground}"`;
  return `${fill}${bold ? ' font-weight="bold"' : ''}${dim ? ' opacity="0.7"' : ''}`;
}

function sameLook(a: Look | undefined, b: Look | undefined): boolean {
  return a?.colour === b?.colour && a?.bold === b?.bold && a?.dim === b?.dim;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
