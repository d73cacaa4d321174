import { readDocument } from './documents.ts';

/** A request that a document shows as a `curl` command, and what the next block shows as its answer. */
export interface ShownRequest {
  /** The command, in one line. */
  readonly command: string;
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Whether the answer is a stream that does not end (`-N`). */
  readonly streams: boolean;
  /** The body of the answer, with `…` for whatever; undefined if none is shown. */
  readonly answer: string | undefined;
}

/** The requests of a document, in order: every line of its `sh` blocks that begins with `curl`. */
export function shownRequests(path: string): readonly ShownRequest[] {
  const { blocks } = readDocument(path);
  return blocks.flatMap((block, index) => {
    if (block.info !== 'sh') return [];
    const next = blocks[index + 1];
    const answer = next?.info === 'json' ? next.text.trim() : undefined;
    const commands = block.text
      .replaceAll(/\s*\\\n\s*/g, ' ')
      .split('\n')
      .filter((line) => line.startsWith('curl '));
    return commands.map((command) => readCommand(command, answer));
  });
}

/** Reads the part of curl's command line that the documents use, and refuses the rest. */
function readCommand(command: string, answer: string | undefined): ShownRequest {
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '').slice(1);
  let [url, method, body]: (string | undefined)[] = [];
  const headers: Record<string, string> = {};
  const flags = new Set<string>();
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '-X') method = words[++at];
    else if (word === '-d') body = words[++at];
    else if (word === '-H') {
      const [name = '', value = ''] = (words[++at] ?? '').split(': ');
      headers[name] = value;
    } else if (['-i', '-N', '-s'].includes(word)) flags.add(word);
    else if (URL.canParse(word)) url = word;
    else throw new Error(`${command}: this test does not know ${word}`);
  }
  if (url === undefined) throw new Error(`${command}: no URL`);
  const usual = body === undefined ? 'GET' : 'POST';
  return { command, url: new URL(url), method: method ?? usual, headers, body, streams: flags.has('-N'), answer };
}
