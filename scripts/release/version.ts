/** A version: `1.2.3`, or `1.3.0-rc.1` for one that people are to try before. */
export interface Version {
  readonly text: string;
  readonly numbers: readonly [number, number, number];
  /** What stands after the dash. Undefined: the version is meant for everybody. */
  readonly trial: { readonly name: string; readonly number: number } | undefined;
}

const form = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-(alpha|beta|rc)\.(0|[1-9]\d*))?$/;

/** Reads a version; undefined when the text is none. */
export function readVersion(text: string): Version | undefined {
  const [, major, minor, patch, name, number] = form.exec(text) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  return {
    text,
    numbers: [Number(major), Number(minor), Number(patch)],
    trial: name === undefined ? undefined : { name, number: Number(number) },
  };
}

/** Below 0 when `one` comes before `other`, above 0 when it comes after it. A trial comes before what it is a trial of. */
export function compareVersions(one: Version, other: Version): number {
  for (const [place, number] of one.numbers.entries()) {
    const difference = number - (other.numbers[place] ?? 0);
    if (difference !== 0) return difference;
  }
  if (one.trial === undefined || other.trial === undefined)
    return Number(one.trial === undefined) - Number(other.trial === undefined);
  const names = one.trial.name < other.trial.name ? -1 : Number(one.trial.name > other.trial.name);
  return names || one.trial.number - other.trial.number;
}
