import type { Right } from '../access/access.ts';

/** What of a request says which right it needs. */
export interface AskedRoute {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/**
 * The rights that each route needs, by its method and pattern: `PUT /services/:name/instances/:id/lease`. HEAD needs what GET
 * does. A route without a row ends the start of the program, so none is open because somebody has forgotten it.
 */
export type RouteRights = Readonly<Record<string, RightsOf>>;

/** Which rights a request needs: all of them. */
export type RightsOf = (request: AskedRoute) => readonly Right[];

/** Anybody may. */
export const open = (): readonly Right[] => [{ kind: 'open' }];
export const discover = (): readonly Right[] => [{ kind: 'discover' }];
export const operate = (): readonly Right[] => [{ kind: 'operate' }];

/** A text of the request; empty if it is none. What is wrong with it, the handler says. */
export function textOf(part: unknown, name: string): string {
  if (typeof part !== 'object' || part === null) return '';
  const value: unknown = Object.entries(part).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? value : '';
}
