import { kindOf } from '@flotilla/contracts';
import { misfitOf } from '../config/fitting-error.ts';
import { type AskPolicyConfig, askDefaults } from '../config/policy-config.ts';
import { type EditDirection, problemOfName } from '../headers/editable-fields.ts';
import { normalTarget } from '../target/normal-target.ts';
import { askService, type Question } from './ask-service.ts';
import type { PlannedPolicy } from './planned-policy.ts';

/** Checks a policy that asks another service about each request. */
export function planAsk(policy: AskPolicyConfig, report: (problem: string) => void): PlannedPolicy {
  const target = normalTarget(policy.target);
  if (target.kind === 'refused') report(`target is not in its normal form (${target.problem})`);
  const check = (place: string, direction: EditDirection, names: readonly string[] = []): readonly string[] => {
    for (const name of names) {
      const problem = problemOfName(direction, name);
      if (problem !== undefined) report(`${place}: ${JSON.stringify(name)} ${problem}`);
    }
    return names.map((name) => name.toLowerCase());
  };
  const send = check('send', 'request', policy.send ?? askDefaults.send);
  for (const name of send) {
    if (aboutBody.test(name)) report(`send: "${name}" describes the request's body or a cached answer: remove it`);
  }
  for (const place of ['toService', 'toClient'] as const) {
    for (const name of policy[place] ?? []) {
      if (ofAnswer.test(name))
        report(`${place}: "${name}" describes the body of the asked service's answer: remove it`);
    }
  }
  const errors = Object.entries(policy.errors ?? {});
  for (const [status, error] of errors) {
    const about = status.startsWith('5') ? 'an error with a 5xx status' : 'an error with a 4xx status';
    const misfit = misfitOf(error, (other) => String(other).startsWith(status.startsWith('5') ? '5' : '4'), about);
    if (misfit !== undefined) report(`errors.${status}: ${misfit}`);
  }
  const plan: Question = {
    service: policy.service,
    target: policy.target,
    send: new Set(send),
    toService: check('toService', 'request', policy.toService),
    toClient: check('toClient', 'answer', policy.toClient),
    errors: new Map(errors.map(([status, error]) => [Number(status), kindOf(error)])),
    timeoutMs: policy.timeoutMs ?? askDefaults.timeoutMs,
    maxBodyBytes: policy.maxBodyBytes ?? askDefaults.maxBodyBytes,
    letsThrough: (policy.onFailure ?? askDefaults.onFailure) === 'let-through',
  };
  return { services: [plan.service], compile: (context) => askService(plan, context) };
}

/** The question has no body, and its answer must be about this client alone. */
const aboutBody = /^(?:content-|if-|(?:range|accept-encoding)$)/;
/** It says nothing of the body that goes the other way, and that body would have two of it. Not `Content-Security-Policy`. */
const ofAnswer =
  /^(?:content-(?:type|encoding|language|location|range|disposition)|etag|last-modified|accept-ranges)$/i;
