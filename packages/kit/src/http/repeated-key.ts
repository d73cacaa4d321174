/** An object or array that is still open at some place in a JSON text. */
interface Open {
  readonly isObject: boolean;
  /** The last name of an object; how many values came before in an array. Undefined until an object has a name. */
  at: string | number | undefined;
  /** All names of an object, once there is more than one: many small objects must not need a set each. */
  names: Set<unknown> | undefined;
}

const quote = 0x22;
const backslash = 0x5c;

/**
 * The path to the first name that occurs twice in an object of a JSON text; undefined if there is none. JSON.parse would silently
 * use the last one, while another reader may use the first: two readers, two requests (RFC 8259, 4).
 *
 * @param text must be valid JSON: JSON.parse has already accepted it
 */
export function repeatedKey(text: string): readonly (string | number)[] | undefined {
  const open: Open[] = [];
  // Inside an object, a string is a name when it comes after `{` or `,`, and a value after `:`.
  let nameComes = false;
  for (let i = 0; i < text.length; i += 1) {
    const innermost = open.at(-1);
    switch (text.charCodeAt(i)) {
      case quote: {
        const end = endOfString(text, i);
        if (nameComes && innermost !== undefined) {
          const name = readName(text, i, end);
          if (isRepeated(innermost, name)) return open.map(({ at }) => at ?? '');
        }
        i = end;
        break;
      }
      case 0x7b: // {
        open.push({ isObject: true, at: undefined, names: undefined });
        nameComes = true;
        break;
      case 0x5b: // [
        open.push({ isObject: false, at: 0, names: undefined });
        nameComes = false;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        open.pop();
        nameComes = false;
        break;
      case 0x3a: // :
        nameComes = false;
        break;
      case 0x2c: // ,
        nameComes = innermost?.isObject === true;
        if (typeof innermost?.at === 'number') innermost.at += 1;
        break;
    }
  }
  return undefined;
}

/** Adds a name of an object; returns whether it was there before. */
function isRepeated(object: Open, name: string): boolean {
  if (object.at !== undefined) object.names ??= new Set([object.at]);
  object.at = name;
  if (object.names?.has(name) === true) return true;
  object.names?.add(name);
  return false;
}

/** The closing quote of the string that begins at `start`: the next one after an even number of backslashes. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === backslash) backslashes += 1;
    if (backslashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

/** The name between two quotes; `"\u0061"` is also `a`. */
function readName(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end);
  return inner.includes('\\') ? String(JSON.parse(text.slice(start, end + 1))) : inner;
}
