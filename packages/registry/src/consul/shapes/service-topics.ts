import { topicOf } from '../../watch/topics.ts';
import type { ConsulCatalog } from './consul-catalog.ts';

/** What can change how the instances of a service are shown with their health: themselves, and the nodes they are on. */
export function ofService(catalog: ConsulCatalog, name: string): readonly string[] {
  return [...catalog.named(name).map(topicOf.service), ...[...catalog.nodesOf(name)].map(topicOf.node)];
}

/** What can change what the registrations of a service say. */
export function ofMembers(catalog: ConsulCatalog, name: string): readonly string[] {
  return [...catalog.named(name).map(topicOf.members), ...[...catalog.nodesOf(name)].map(topicOf.node)];
}

/** What can change anything that is shown of instances, checks and nodes. */
export function anyOf(): readonly string[] {
  return [topicOf.health, topicOf.services, topicOf.allMembers, topicOf.nodes];
}
