import { jsonOption, type VerbOption } from '../arguments/verb.ts';
import { configOption } from '../up/find-fleet.ts';
import { fleetOption } from './fleet-option.ts';

/** The option of every verb that asks a registry. */
export const registryOption: VerbOption = {
  flag: '--registry',
  value: '<url>',
  summary:
    'use this registry (default: that of the running fleet, else REGISTRY_URL, else the one in flotilla.config.ts)',
  example: 'http://127.0.0.1:8500',
};

/** The option of every verb for which a registry may want to know who asks. */
export const tokenOption: VerbOption = {
  flag: '--token',
  value: '<token>',
  summary: 'show this token to the registry (default: REGISTRY_TOKEN, which other users of the machine cannot see)',
  example: '3f6a…',
};

/** The options of a verb that asks a registry and prints what it says. */
export const registryOptions: readonly VerbOption[] = [
  registryOption,
  tokenOption,
  jsonOption,
  fleetOption,
  configOption,
];
