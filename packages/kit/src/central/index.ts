export { CentralFollower } from './central-follower.ts';
export { RunningConfig } from './running-config.ts';
