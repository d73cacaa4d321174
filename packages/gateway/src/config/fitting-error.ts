import { type KnownError, kindOf } from '@flotilla/contracts';

/** Why an error can't be used for what the status of `fitting` says; undefined when it can. */
export function misfitOf(error: KnownError, fitting: (status: number) => boolean, what: string): string | undefined {
  const { code, status, places } = kindOf(error);
  if (!fitting(status)) return `${code} has status ${status}: use ${what}`;
  // The gateway knows no other value to fill in.
  const place = places.find((name) => name !== 'service');
  return place === undefined
    ? undefined
    : `the message of ${code} needs {${place}}, which the gateway does not know here`;
}

export function isUnavailable(status: number): boolean {
  return status === 503;
}

/** Whether a status tells the client that what it asked with is wrong. */
export function isBadValue(status: number): boolean {
  return status === 400 || status === 404 || status === 422;
}
