import { createRequire } from 'node:module';

/**
 * Makes JSON lines readable for a person. `pino-pretty` is loaded here and only when it is wanted: programs that log
 * JSON must not pay for it. `require` because a logger is made before anything can be awaited.
 */
export function createPrettyLine(colour: boolean): (line: string) => string {
  // The package's own types describe the module; createRequire can't know them.
  const { prettyFactory } = createRequire(import.meta.url)('pino-pretty') as typeof import('pino-pretty');
  return prettyFactory({
    colorize: colour,
    translateTime: 'SYS:HH:MM:ss.l',
    // Who logs is said once by whoever gathers the streams; on a terminal it would hide the message.
    ignore: 'pid,hostname,service,instance',
    singleLine: true,
    errorLikeObjectKeys: ['err', 'error'],
  });
}
