import type { KeyRecord, ServiceInstance } from '@flotilla/contracts';
import type { Content, Knowledge } from './knowledge.ts';

/** Compares everything that a registry has with what is known of it. */
export async function readBack(url: string, knowledge: Knowledge): Promise<void> {
  const keys = new Map((await list<KeyRecord>(`${url}/kv`)).map((record) => [record.key, record]));
  const instances = new Map(
    (await list<ServiceInstance>(`${url}/services/web/instances`)).map((instance) => [instance.id, instance]),
  );
  for (const thing of knowledge.things) {
    const [kind = '', name = ''] = thing.split(' ');
    const [content, revision] = found(kind, name, keys, instances);
    knowledge.compare(thing, content, revision);
  }
  knowledge.compareCounter(Number(keys.get('counter')?.value ?? 0));
}

function found(
  kind: string,
  name: string,
  keys: ReadonlyMap<string, KeyRecord>,
  instances: ReadonlyMap<string, ServiceInstance>,
): readonly [Content, number] {
  if (kind === 'instance') {
    const instance = instances.get(`i-${name}`);
    return [instance?.metadata['content'], instance?.revision ?? 0];
  }
  if (kind === 'key') {
    const record = keys.get(`k/${name}`);
    return [record?.value, record?.revision ?? 0];
  }
  const left = keys.get(`pair/${name}/left`);
  const right = keys.get(`pair/${name}/right`);
  const isWhole = left?.value === right?.value && left?.revision === right?.revision;
  return [isWhole ? left?.value : `half of a pair: ${left?.value} and ${right?.value}`, left?.revision ?? 0];
}

async function list<T>(url: string): Promise<readonly T[]> {
  return (await (await fetch(url)).json()) as T[]; // Our own registry says so; what is in it is compared.
}
