import { maxKeyBytes } from '@flotilla/contracts';

/** What is said of a text that can be no key. */
export function invalidKey(key: string): string {
  return `Invalid key ${JSON.stringify(key.slice(0, 64))}: it must have at most ${maxKeyBytes} bytes and no control characters, must not begin with "/", and must not have a segment "." or ".."`;
}
