/**
 * How names are spelled as XML elements: Eureka's library doubles `_`, writes `$` as `_-`, and other characters that a name
 * may not have as `_.` and four hex digits. So `apps_hashcode` is `apps__hashcode`, and metadata may have any key.
 */

/** Characters that an element's name may have, without a namespace's colon. */
const nameStart = /[A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u3001-\uD7FF]/;
const nameCharacter = /[-.0-9\u00B7A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u037D\u037F-\u1FFF\u3001-\uD7FF]/;

/** The element's name for a key. The empty key has none and is written as `_`, which no other key is. */
export function xmlName(key: string): string {
  if (/^[A-Za-z][-.0-9A-Za-z]*$/.test(key)) return key;
  if (key === '') return '_';
  return Array.from({ length: key.length }, (_, index) => nameUnit(key.charAt(index), index === 0)).join('');
}

function nameUnit(unit: string, isFirst: boolean): string {
  if (unit === '_') return '__';
  if (unit === '$') return '_-';
  if ((isFirst ? nameStart : nameCharacter).test(unit)) return unit;
  return `_.${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The key that an element's name stands for. What is no escape stays as it is: not every client knows them. */
export function keyOf(name: string): string {
  if (!name.includes('_')) return name;
  if (name === '_') return '';
  return name.replace(/__|_-|_\.([0-9A-Fa-f]{4})/g, (escape, hex: string | undefined) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return escape === '__' ? '_' : '$';
  });
}

/** A text in XML: escaped, and without characters that XML 1.0 cannot have at all. */
export function xmlText(text: string): string {
  if (/^[\x20-\x25\x27-\x3B\x3D\x3F-\x7E]*$/.test(text)) return text;
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"\r]/g, (character) => escapes[character] ?? character);
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A bare one is read as a line feed.
  '\r': '&#xd;',
};
