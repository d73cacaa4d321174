import type { ServiceInstance } from '@flotilla/contracts';

/**
 * The JSON of instances, each made once however many lists and watches show it, and kept for as long as the instance
 * stays as it is.
 */
export class InstanceTexts {
  readonly #texts = new WeakMap<ServiceInstance, string>();

  textOf(instance: ServiceInstance): string {
    const known = this.#texts.get(instance);
    if (known !== undefined) return known;
    const text = JSON.stringify(instance);
    this.#texts.set(instance, text);
    return text;
  }
}

/** The elements of a JSON array, without its brackets, one by one. */
export function* joined(instances: readonly ServiceInstance[], texts: InstanceTexts): Generator<string, void, void> {
  let separator = '';
  for (const instance of instances) {
    yield separator + texts.textOf(instance);
    separator = ',';
  }
}
