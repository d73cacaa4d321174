import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CentralConfig, CentralTexts, FollowedConfig } from '@flotilla/contracts/central-config';
import { waitUntil } from '@flotilla/testing';

/** Central config over some registry, and a way to change what that registry holds. */
export interface CentralConfigHarness extends AsyncDisposable {
  /** One for each program that follows. */
  central(): CentralConfig;
  put(key: string, text: string): Promise<void>;
  delete(key: string): Promise<void>;
  /** The text of a key; undefined: there is none. */
  get(key: string): Promise<string | undefined>;
  /** Makes the registry unreachable, and reachable again with all it held. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

interface Program extends AsyncDisposable {
  readonly followed: FollowedConfig;
  readonly told: readonly CentralTexts[];
  /** What it knows now, as text. */
  readonly latest: () => string;
  readonly failures: () => number;
}

function follow(central: CentralConfig, service = 'ships'): Program {
  const told: CentralTexts[] = [];
  let failures = 0;
  const followed = central.follow(service, {
    changed: (texts) => void told.push(texts),
    failed: () => void (failures += 1),
  });
  const shown = (texts: ReadonlyMap<string, string> = new Map()): string =>
    [...texts]
      .map(([name, text]) => `${name}=${text}`)
      .toSorted()
      .join();
  return {
    followed,
    told,
    latest: () => (told.length === 0 ? 'nothing' : `${shown(told.at(-1)?.own)} | ${shown(told.at(-1)?.shared)}`),
    failures: () => failures,
    [Symbol.asyncDispose]: () => followed.close(),
  };
}

/** What every kind of central config promises. */
export function describeCentralConfig(name: string, create: () => Promise<CentralConfigHarness>): void {
  describe(name, () => {
    test('tells what there is for a service and for all, and nothing of others', async () => {
      await using its = await create();
      await its.put('config/ships/LOG_LEVEL', 'debug');
      await its.put('config/shared/LOG_LEVEL', 'warn');
      await its.put('config/ships-2/LOG_LEVEL', 'error');
      await using program = follow(its.central());
      await waitUntil('it is told', () => program.latest() === 'LOG_LEVEL=debug | LOG_LEVEL=warn');
      assert.equal(program.told.length, 1);
    });

    test('tells that there is nothing', async () => {
      await using its = await create();
      await using program = follow(its.central());
      await waitUntil('it is told', () => program.latest() === ' | ');
    });

    test('tells each change to all who follow: a first key, another value, a deletion', async () => {
      await using its = await create();
      await using first = follow(its.central());
      await using second = follow(its.central());
      await using other = follow(its.central(), 'boats');
      const all = async (what: string, expected: string): Promise<void> => {
        for (const program of [first, second]) await waitUntil(what, () => program.latest() === expected);
      };
      await all('nothing yet', ' | ');
      await its.put('config/ships/LOG_LEVEL', 'debug');
      await all('the first key', 'LOG_LEVEL=debug | ');
      await its.put('config/ships/LOG_LEVEL', '商品\n');
      await all('another value', 'LOG_LEVEL=商品\n | ');
      await its.put('config/shared/A', '1');
      await all('a shared one', 'LOG_LEVEL=商品\n | A=1');
      // Before it is deleted: two changes may be told as one.
      await waitUntil('the other service heard of what is shared', () => other.latest() === ' | A=1');
      await its.delete('config/ships/LOG_LEVEL');
      await all('the deletion', ' | A=1');
      await its.delete('config/shared/A');
      await all('the last deletion', ' | ');
      await waitUntil('the other service heard of nothing else', () => other.told.length === 3);
    });

    test('tells changes that were made while the registry was away', async () => {
      await using its = await create();
      await its.put('config/ships/LOG_LEVEL', 'debug');
      await using program = follow(its.central());
      await waitUntil('it is told', () => program.latest() === 'LOG_LEVEL=debug | ');
      await its.stop();
      await waitUntil('it fails', () => program.failures() > 0);
      assert.equal(program.latest(), 'LOG_LEVEL=debug | ');
      await its.start();
      await its.put('config/ships/LOG_LEVEL', 'warn');
      await waitUntil('it is told', () => program.latest() === 'LOG_LEVEL=warn | ');
    });

    test('publishes what a service says of its settings, over what was there, and not twice', async () => {
      await using its = await create();
      const key = 'config-schema/ships';
      await its.put(key, 'of an earlier release');
      const schema = { settings: {} };
      await using program = follow(its.central());
      program.followed.publish(schema);
      const isWritten = async (): Promise<boolean> => (await its.get(key)) === JSON.stringify(schema);
      while (!(await isWritten())) await new Promise((resolve) => setTimeout(resolve, 5));
    });

    test('closes at once, also while the registry is away', async () => {
      await using its = await create();
      const program = follow(its.central());
      await waitUntil('it is told', () => program.latest() === ' | ');
      await program.followed.close();
      await its.stop();
      const lost = follow(its.central());
      lost.followed.publish({ settings: {} });
      await waitUntil('it fails', () => lost.failures() > 0);
      await lost.followed.close();
    });
  });
}
