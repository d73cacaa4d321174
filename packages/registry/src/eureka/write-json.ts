import type { DataCenter, EurekaInstance, EurekaPort } from './eureka-instance.ts';

/**
 * An instance as Eureka's JSON has it, with its oddities: `@enabled` and some times are strings, and empty metadata is the
 * class of an empty map.
 */
export function instanceJson(instance: EurekaInstance): Readonly<Record<string, unknown>> {
  return {
    instanceId: instance.id,
    hostName: instance.hostName,
    app: instance.app,
    appGroupName: instance.appGroupName,
    ipAddr: instance.ipAddr,
    status: instance.status,
    overriddenStatus: instance.overridden,
    port: portJson(instance.port),
    securePort: portJson(instance.securePort),
    countryId: instance.countryId,
    dataCenterInfo: dataCenterJson(instance.dataCenter),
    leaseInfo: {
      renewalIntervalInSecs: instance.renewalSeconds,
      durationInSecs: instance.leaseSeconds,
      registrationTimestamp: instance.registeredMs,
      lastRenewalTimestamp: instance.renewedMs,
      evictionTimestamp: instance.goneMs,
      serviceUpTimestamp: instance.upMs,
    },
    metadata: metadataJson(instance.metadata),
    homePageUrl: instance.homePageUrl,
    statusPageUrl: instance.statusPageUrl,
    healthCheckUrl: instance.healthCheckUrl,
    secureHealthCheckUrl: instance.secureHealthCheckUrl,
    vipAddress: instance.vipAddress,
    secureVipAddress: instance.secureVipAddress,
    isCoordinatingDiscoveryServer: String(instance.isCoordinating),
    lastUpdatedTimestamp: String(instance.updatedMs),
    lastDirtyTimestamp: String(instance.dirtyMs),
    actionType: instance.action,
    asgName: instance.asgName,
  };
}

/** The form for clients that ask for little: without metadata, URLs and lease. */
export function compactJson(instance: EurekaInstance): Readonly<Record<string, unknown>> {
  return {
    instanceId: instance.id,
    app: instance.app,
    ipAddr: instance.ipAddr,
    vipAddress: instance.vipAddress,
    secureVipAddress: instance.secureVipAddress,
    dataCenterInfo: dataCenterJson(instance.dataCenter),
    hostName: instance.hostName,
    status: instance.status,
    lastUpdatedTimestamp: instance.updatedMs,
    actionType: instance.action,
    asgName: instance.asgName,
    port: portJson(instance.port),
    securePort: portJson(instance.securePort),
  };
}

function portJson({ port, enabled }: EurekaPort): object {
  return { $: port, '@enabled': String(enabled) };
}

function dataCenterJson({ class: name, ...rest }: DataCenter): object {
  return { '@class': name, ...rest };
}

function metadataJson(metadata: EurekaInstance['metadata']): object {
  return Object.keys(metadata).length === 0 ? { '@class': 'java.util.Collections$EmptyMap' } : metadata;
}
