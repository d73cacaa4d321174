import { createRequire } from 'node:module';

/**
 * Makes JSON lines readable for a person. `pino-pretty` is loaded here and only when it is wanted: programs that log
 * JSON must not pay for it. `require` because a logger is made before anything can be awaited.
 */
export function createPrettyLine(colour: boolean): (line: string) => string {
  // The package's own types describe the module; createRequire can't know them.
  const { prettyFactory } = createRequire(import.meta.url)('pino-pretty') as typeof import('pino-pretty');
  const pretty = prettyFactory({
    colorize: colour,
    translateTime: 'SYS:HH:MM:ss.l',
    // Who logs is said once by whoever gathers the streams; on a terminal it would hide the message.
    ignore: 'pid,hostname,service,instance',
    singleLine: true,
    errorLikeObjectKeys: ['err', 'error'],
  });
  return (line) => pretty(line.replace(escape, keepEscaped));
}

/** An escape sequence of JSON; `\\\\` is taken as one, so that what follows it is not. */
const escape = /\\(u[0-9a-f]{4}|.)/gi;

/**
 * Keeps a control character that JSON has escaped as it is written: pino-pretty would undo that and hand it to the
 * terminal. Line ends stay, for stacks.
 */
function keepEscaped(whole: string, rest: string): string {
  const isLineEnd = rest === 'n' || rest === 't';
  const isControl = /^(?:[bfr]|u00[01][0-9a-f]|u00[789][0-9a-f]|u061c|u20[026][0-9a-f])$/i.test(rest);
  return isControl && !isLineEnd ? `\\${whole}` : whole;
}
