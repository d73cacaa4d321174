import {
  countedTransport,
  describeAnnouncingRegistrar,
  describeDiscovery,
  fakeRegistry,
  RealRegistry,
} from '@flotilla/conformance';
import { nodeTransport } from '@flotilla/contracts/http-client';
import { FakeClock, recordingLogger } from '@flotilla/testing';
import { discoveryFor, registrarFor } from '../registry-for.ts';

describeAnnouncingRegistrar('the registrar of a Flotilla registry', async () => {
  const registry = await fakeRegistry();
  const clock = new FakeClock();
  const { transport, isIdle } = countedTransport(nodeTransport());
  const logger = recordingLogger();
  return {
    registrar: registrarFor(registry.url, { clock, transport, logger }),
    clock,
    isIdle,
    registeredIds: (service) => registry.instances(service).map((one) => one.id),
    renewals: () => registry.requests.filter((request) => request.path.endsWith('/lease')).length,
    find: (service, id) => registry.instances(service).find((one) => one.id === id),
    takeOver: (registration) => registry.takeOver(registration),
    warnings: () => logger.messages('warn'),
    forget: () => registry.forget(),
    stop: () => registry.stop(),
    start: () => registry.start(),
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
});

describeAnnouncingRegistrar('the registrar over the real registry', async () => {
  const registry = new RealRegistry();
  await registry.start();
  const clock = new FakeClock();
  const { transport, isIdle } = countedTransport(nodeTransport());
  const logger = recordingLogger();
  return {
    registrar: registrarFor(registry.url, { clock, transport, logger }),
    clock,
    isIdle,
    registeredIds: (service) => registry.instances(service).map((one) => one.id),
    renewals: () => registry.renewals,
    find: (service, id) => registry.instances(service).find((one) => one.id === id),
    takeOver: (registration) => registry.takeOver(registration),
    warnings: () => logger.messages('warn'),
    forget: () => registry.forget(),
    stop: () => registry.stop(),
    start: () => registry.start(),
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
});

describeDiscovery('the discovery of a Flotilla registry', async () => {
  const registry = await fakeRegistry();
  const clock = new FakeClock();
  const { transport, isIdle } = countedTransport(nodeTransport());
  const discovery = discoveryFor(registry.url, { clock, transport, logger: recordingLogger() });
  return {
    discovery,
    clock,
    isIdle,
    put: (registration) => void registry.put(registration),
    remove: (service, id) => registry.remove(service, id),
    stop: () => registry.stop(),
    start: () => registry.start(),
    async [Symbol.asyncDispose]() {
      await discovery.close();
      await registry[Symbol.asyncDispose]();
    },
  };
});
