import { type Draft, WishRefused } from './draft.ts';
import { gatewayFile, ProjectFiles, servicesOf } from './project-files.ts';

/** The route to add to the gateway. */
export interface NewRouteWish {
  readonly root: string;
  /** The path, `/books/{id}/reviews`; a bare name stands for a path of one part. */
  readonly name: string;
  /** The service that answers. Default: the only one, or the one named by the first part of the path. */
  readonly service?: string | undefined;
}

/**
 * Drafts a route that hands requests on to a service.
 *
 * @throws {WishRefused}
 */
export async function draftRoute({ root, name, service }: NewRouteWish): Promise<Draft> {
  const match = readPath(name);
  const files = await ProjectFiles.read(root);
  refuseSecond(files, match);
  const [answering = ''] = chooseServices(files, service === undefined ? [] : [service], match, 1);
  files.add(gatewayFile, 'routes', `{ kind: 'proxy', match: '${match}', service: '${answering}' }`);
  return { changes: files.changes, byHand: files.byHand };
}

/** A path of the gateway, as a person gives it. */
export function readPath(text: string): string {
  const path = text.startsWith('/') ? text : `/${text}`;
  if (path.length <= 200 && /^(?:\/(?:[A-Za-z0-9._~-]+|\{[A-Za-z][A-Za-z0-9_]*\}))+\/?$/.test(path)) return path;
  const shown = text.replace(/\p{C}/gu, '?').slice(0, 60);
  throw new WishRefused(
    `"${shown}" is not a path. Write it like /books/{id}/reviews: letters, digits, "-", ".", "_" and parameters in braces.`,
  );
}

/** Two routes with one path are a mistake that the gateway would refuse at its start. */
export function refuseSecond(files: ProjectFiles, match: string): void {
  if (
    new RegExp(`match:\\s*['"\`]${match.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}['"\`]`).test(files.text(gatewayFile))
  ) {
    throw new WishRefused(`${gatewayFile} already has a route for ${match}.`);
  }
}

/** The services meant: those that are named, else those that the path suggests, else all, up to `count`. */
export function chooseServices(
  files: ProjectFiles,
  named: readonly string[],
  match: string,
  count: number,
): readonly string[] {
  const known = servicesOf(files);
  const list =
    known.length === 0
      ? 'The fleet has no service yet: "flotilla new service <name>" creates one.'
      : `Choose one of: ${known.join(', ')}.`;
  const full = named.map((each) => (known.includes(each) ? each : `${each}-service`));
  const missing = full.findIndex((each) => !known.includes(each));
  if (missing >= 0) throw new WishRefused(`The fleet has no service "${named[missing]}". ${list}`);
  if (full.length > 0) return full;
  const first = match.split('/')[1] ?? '';
  const suggested = known.filter((each) => first.startsWith(each.replace(/-service$/, '')));
  const chosen = suggested.length > 0 && count === 1 ? suggested : known;
  if (chosen.length === 0) throw new WishRefused(list);
  if (count === 1 && chosen.length > 1)
    throw new WishRefused(`Say which service answers ${match}: --service <name>. ${list}`);
  return chosen.slice(0, count);
}
