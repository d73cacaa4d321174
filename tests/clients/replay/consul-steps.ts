import type { Step } from './step.ts';
import { agentSteps, badAgentSteps } from './steps/agent.ts';
import { catalogSteps, waitingSteps } from './steps/catalog.ts';
import { clusterSteps } from './steps/cluster.ts';
import { keySteps, transactionSteps } from './steps/keys.ts';
import { sessionSteps } from './steps/sessions.ts';

/** The whole list, in the order in which it is sent: later steps see what earlier ones left. */
export const consulSteps: readonly Step[] = [
  ...clusterSteps,
  ...badAgentSteps,
  ...agentSteps,
  ...catalogSteps,
  ...waitingSteps,
  ...keySteps,
  ...transactionSteps,
  ...sessionSteps,
];
