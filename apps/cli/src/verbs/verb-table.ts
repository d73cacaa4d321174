import type { Verb } from '../arguments/verb.ts';
import { restartVerb, scaleVerb, startVerb, stopVerb } from './change-verbs.ts';
import { checksVerb } from './checks-verb.ts';
import { completionVerb } from './completion-verb.ts';
import { configVerb } from './config-verb.ts';
import { openVerb, topVerb, traceVerb } from './dashboard-verbs.ts';
import { explainVerb } from './explain-verb.ts';
import { gatewayVerb } from './gateway-verb.ts';
import { helpVerb } from './help-verb.ts';
import { doctorVerb, routesVerb, servicesVerb } from './inspect-verbs.ts';
import { kvVerb } from './kv-verb.ts';
import { logsVerb } from './logs-verb.ts';
import { newVerb } from './new-verb.ts';
import { psVerb } from './ps-verb.ts';
import { upVerb } from './up-verb.ts';
import { versionVerb } from './version-verb.ts';

/** All verbs, in the order in which help lists them. */
export const verbTable: readonly Verb[] = [
  upVerb,
  newVerb,
  psVerb,
  logsVerb,
  topVerb,
  traceVerb,
  openVerb,
  restartVerb,
  stopVerb,
  startVerb,
  scaleVerb,
  servicesVerb,
  explainVerb,
  checksVerb,
  routesVerb,
  gatewayVerb,
  configVerb,
  kvVerb,
  doctorVerb,
  completionVerb,
  helpVerb,
  versionVerb,
];
