import { StringDecoder } from 'node:string_decoder';

/** One event of the registry. */
export interface SentEvent {
  readonly type: string;
  /** The place of the event in the registry's history; a watch can go on from there. */
  readonly revision: number | undefined;
  readonly value: object;
}

/** The largest event that is read. */
const maxEventCharacters = 64 * 1_048_576;

/** Reads server-sent events as our registry writes them: one line of JSON each, whose `type` says what it is. */
export async function* eventsIn(stream: AsyncIterable<Uint8Array>): AsyncGenerator<SentEvent, void, void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let id = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.write(Buffer.from(chunk))).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxEventCharacters) throw new Error('The registry sent an event that is too large');
    for (const line of lines) {
      if (line.startsWith('id:')) id = line.slice(3).trim();
      else if (line.startsWith('data:')) {
        const event = eventOf(line.slice(5), id);
        if (event !== undefined) yield event;
      } else if (line === '') id = '';
    }
  }
}

/** Undefined: something that this release does not know. */
function eventOf(text: string, id: string): SentEvent | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || !('type' in value) || typeof value.type !== 'string')
    return undefined;
  // Only an event with an id is a place to go on from: keys that went together have one among them.
  return { type: value.type, revision: /^\d{1,16}$/.test(id) ? Number(id) : undefined, value };
}
