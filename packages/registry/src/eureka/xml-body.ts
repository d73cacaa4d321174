import type { XmlElement } from './read-xml.ts';
import { keyOf } from './xml-names.ts';

/**
 * An element as the JSON that Eureka's clients write for the same: the texts of its elements by name, attributes as `@name`,
 * and the text of one that has attributes as `$`. What comes twice counts once, the last time.
 */
export function xmlAsJson(element: XmlElement): unknown {
  const { attributes, children, text } = element;
  if (attributes.size === 0 && children.length === 0) return text.trim();
  const entries: [string, unknown][] = [...attributes].map(([name, value]) => [`@${name}`, value]);
  for (const child of children) entries.push([keyOf(child.name), xmlAsJson(child)]);
  if (children.length === 0) entries.push(['$', text.trim()]);
  return Object.fromEntries(entries);
}
