import type { EurekaInstance, EurekaPort } from './eureka-instance.ts';
import { xmlName, xmlText } from './xml-names.ts';

/** A tag with what is in it: a text, or further tags. One that is undefined is left out. */
type Content = string | number | boolean | undefined | readonly Tag[];
type Tag = readonly [name: string, content: Content, attributes?: string];

/** How much is told of an instance: `compact` leaves out metadata, URLs and lease, for clients that ask for little. */
export type Form = 'full' | 'compact';

/** An instance as Eureka's XML has it, indented by so many levels. */
export function instanceXml(instance: EurekaInstance, form: Form, depth: number): string {
  return write(['instance', instanceTags(instance, form)], depth);
}

/** The element that holds instances. `instances` is XML already. */
export function applicationXml(name: string, instances: string, depth: number): string {
  const indent = '  '.repeat(depth);
  return `${indent}<application>\n${indent}  <name>${xmlText(name)}</name>\n${instances}${indent}</application>\n`;
}

/** All tags that an instance has, in the order of Eureka's own writer. */
const allTags = {
  instanceId: ({ id }) => id,
  hostName: ({ hostName }) => hostName,
  app: ({ app }) => app,
  appGroupName: ({ appGroupName }) => appGroupName,
  ipAddr: ({ ipAddr }) => ipAddr,
  status: ({ status }) => status,
  overriddenstatus: ({ overridden }) => overridden,
  port: ({ port }) => port,
  securePort: ({ securePort }) => securePort,
  countryId: ({ countryId }) => countryId,
  dataCenterInfo: ({ dataCenter }) => [
    ['name', dataCenter.name],
    ['metadata', dataCenter.metadata && metadataTags(dataCenter.metadata)],
  ],
  leaseInfo: (instance) => [
    ['renewalIntervalInSecs', instance.renewalSeconds],
    ['durationInSecs', instance.leaseSeconds],
    ['registrationTimestamp', instance.registeredMs],
    ['lastRenewalTimestamp', instance.renewedMs],
    ['evictionTimestamp', instance.goneMs],
    ['serviceUpTimestamp', instance.upMs],
  ],
  metadata: ({ metadata }) => metadataTags(metadata),
  homePageUrl: ({ homePageUrl }) => homePageUrl,
  statusPageUrl: ({ statusPageUrl }) => statusPageUrl,
  healthCheckUrl: ({ healthCheckUrl }) => healthCheckUrl,
  secureHealthCheckUrl: ({ secureHealthCheckUrl }) => secureHealthCheckUrl,
  vipAddress: ({ vipAddress }) => vipAddress,
  secureVipAddress: ({ secureVipAddress }) => secureVipAddress,
  isCoordinatingDiscoveryServer: ({ isCoordinating }) => isCoordinating,
  lastUpdatedTimestamp: ({ updatedMs }) => updatedMs,
  lastDirtyTimestamp: ({ dirtyMs }) => dirtyMs,
  actionType: ({ action }) => action,
  asgName: ({ asgName }) => asgName,
} satisfies Readonly<Record<string, (instance: EurekaInstance) => Content | EurekaPort>>;

/** What those who ask for little are not told. */
const longTags: ReadonlySet<string> = new Set([
  'appGroupName',
  'overriddenstatus',
  'countryId',
  'leaseInfo',
  'metadata',
  'homePageUrl',
  'statusPageUrl',
  'healthCheckUrl',
  'secureHealthCheckUrl',
  'isCoordinatingDiscoveryServer',
  'lastDirtyTimestamp',
]);

function instanceTags(instance: EurekaInstance, form: Form): readonly Tag[] {
  const writers = Object.entries(allTags).filter(([name]) => form === 'full' || !longTags.has(name));
  return writers.map(([name, of]): Tag => {
    const content = of(instance);
    if (typeof content === 'object' && 'port' in content) return [name, content.port, ` enabled="${content.enabled}"`];
    if (name === 'metadata' && Array.isArray(content) && content.length === 0)
      return [name, content, ' class="java.util.Collections$EmptyMap"'];
    return name === 'dataCenterInfo'
      ? [name, content, ` class="${xmlText(instance.dataCenter.class)}"`]
      : [name, content];
  });
}

function metadataTags(entries: Readonly<Record<string, string>>): readonly Tag[] {
  return Object.entries(entries).map(([key, value]) => [xmlName(key), value]);
}

function write([name, content, attributes = '']: Tag, depth: number): string {
  const indent = '  '.repeat(depth);
  if (content === undefined) return '';
  if (typeof content !== 'object') return `${indent}<${name}${attributes}>${xmlText(String(content))}</${name}>\n`;
  if (content.length === 0) return `${indent}<${name}${attributes}/>\n`;
  const inner = content.map((tag) => write(tag, depth + 1)).join('');
  return `${indent}<${name}${attributes}>\n${inner}${indent}</${name}>\n`;
}
