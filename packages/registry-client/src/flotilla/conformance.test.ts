import { Readable } from 'node:stream';
import { describeDiscovery, describeRegistrar, FakeClock, fakeRegistry, recordingLogger } from '@flotilla/testing';
import { nodeTransport } from '../transport/node-transport.ts';
import type { Transport } from '../transport/transport.ts';
import { createDiscovery } from './create-discovery.ts';
import { createRegistrar } from './create-registrar.ts';

describeRegistrar('the registrar of a Flotilla registry', async () => {
  const registry = await fakeRegistry();
  const clock = new FakeClock();
  const { transport, isIdle } = countedTransport();
  return {
    registrar: createRegistrar({ registryUrl: registry.url, clock, transport, logger: recordingLogger() }),
    clock,
    isIdle,
    registeredIds: (service) => registry.instances(service).map((one) => one.id),
    renewals: () => registry.requests.filter((request) => request.path.endsWith('/lease')).length,
    forget: () => registry.forget(),
    stop: () => registry.stop(),
    start: () => registry.start(),
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
});

describeDiscovery('the discovery of a Flotilla registry', async () => {
  const registry = await fakeRegistry();
  const clock = new FakeClock();
  const { transport, isIdle } = countedTransport();
  const discovery = createDiscovery({ registryUrl: registry.url, clock, transport, logger: recordingLogger() });
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

/** The real transport, which knows whether a request is on its way; an open stream does not count. */
function countedTransport(): { transport: Transport; isIdle: () => boolean } {
  const inner = nodeTransport();
  let onTheirWay = 0;
  return {
    isIdle: () => onTheirWay === 0,
    transport: {
      close: () => inner.close(),
      async send(call) {
        onTheirWay += 1;
        try {
          const answer = await inner.send(call);
          if (call.headers?.['accept'] === 'text/event-stream') return answer;
          const body: Buffer[] = [];
          for await (const chunk of answer.body) body.push(chunk);
          return { ...answer, body: Readable.from(body) };
        } finally {
          onTheirWay -= 1;
        }
      },
    },
  };
}
