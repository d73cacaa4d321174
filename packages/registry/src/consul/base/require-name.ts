import { Refusal } from './refusal.ts';

/** The name at the end of a path. @throws {Refusal} 400 if it is missing */
export function requireName(rest: string, message = 'Missing service name'): string {
  if (rest !== '') return rest;
  throw new Refusal(400, message);
}
