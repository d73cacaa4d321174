/** A fenced block of code. */
export interface CodeBlock {
  /** What stands after the opening fence: the language, and words that tests look for. */
  readonly info: string;
  readonly text: string;
}

/** The parts of a Markdown text that tests look at. */
export interface Document {
  /** Levels and texts, in order. */
  readonly headings: readonly { readonly level: number; readonly text: string }[];
  readonly blocks: readonly CodeBlock[];
  /** The rows of each table, cell by cell. */
  readonly tables: readonly (readonly (readonly string[])[])[];
  /** What stands between single backticks, outside of blocks. */
  readonly inlineCode: readonly string[];
  /** Where links lead. */
  readonly links: readonly string[];
}

/** Reads the subset of Markdown that this repository's documents use. */
export function readMarkdown(text: string): Document {
  const headings: { level: number; text: string }[] = [];
  const blocks: CodeBlock[] = [];
  const tables: string[][][] = [];
  const prose: string[] = [];
  let block: { info: string; lines: string[] } | undefined;
  let table: string[][] | undefined;
  for (const line of text.split('\n')) {
    const fence = /^```(.*)$/.exec(line);
    if (fence !== null) {
      if (block === undefined) block = { info: fence[1] ?? '', lines: [] };
      else {
        blocks.push({ info: block.info, text: `${block.lines.join('\n')}\n` });
        block = undefined;
      }
      continue;
    }
    if (block !== undefined) {
      block.lines.push(line);
      continue;
    }
    prose.push(line);
    const heading = /^(#{1,6}) (.*)$/.exec(line);
    if (heading !== null) headings.push({ level: heading[1]?.length ?? 0, text: heading[2] ?? '' });
    if (!line.startsWith('|')) {
      table = undefined;
      continue;
    }
    if (table === undefined) {
      table = [];
      tables.push(table);
    }
    table.push(cells(line));
  }
  const all = prose.join('\n');
  return {
    headings,
    blocks,
    tables,
    inlineCode: [...all.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? ''),
    links: [...all.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? ''),
  };
}

function cells(row: string): string[] {
  return row
    .replace(/^\||\|\s*$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}
