import { ruleIssue, type ServiceInstance } from '@flotilla/contracts';
import { z } from 'zod';

/** A place in the order of the lists: after the instance of this name and id, whether or not it is still there. */
export interface Place {
  readonly name: string;
  readonly id: string;
}

/** Checks a cursor, and reads the {@link Place} it stands for. */
export const cursorSchema: z.ZodType<Place> = z.string().transform((text, context) => {
  const place = decodePlace(text);
  if (place !== undefined) return place;
  context.addIssue(ruleIssue('NOT_A_CURSOR'));
  return z.NEVER;
});

/** Whether an instance comes after a place, in the order of the lists. */
export function isAfter(instance: Place, place: Place): boolean {
  return instance.name === place.name ? instance.id > place.id : instance.name > place.name;
}

/**
 * The `Link` header (RFC 8288) that leads to the page after `last`.
 *
 * @param url the address of this page; what it chooses by, the next page chooses by as well
 */
export function nextPageLink(url: string, last: ServiceInstance): string {
  return linkToPage(url, encodePlace(last));
}

/** The same for a cursor of any kind. What was waited for has come: the next page does not wait. */
export function linkToPage(url: string, cursor: string): string {
  const [path = '', query] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  for (const name of ['index', 'wait']) parameters.delete(name);
  parameters.set('cursor', cursor);
  return `<${path}?${parameters.toString()}>; rel="next"`;
}

// Neither a name nor an id holds a space.
function encodePlace({ name, id }: Place): string {
  return Buffer.from(`after:${name} ${id}`, 'latin1').toString('base64url');
}

function decodePlace(cursor: string): Place | undefined {
  if (cursor.length > 512) return undefined;
  const found = /^after:([!-~]+) ([!-~]+)$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (found?.[1] === undefined || found[2] === undefined) return undefined;
  const place = { name: found[1], id: found[2] };
  // Base64 has several spellings of the same bytes; only ours is a cursor.
  return encodePlace(place) === cursor ? place : undefined;
}
