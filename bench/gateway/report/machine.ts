import { readFileSync } from 'node:fs';
import os from 'node:os';

/** On what was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly virtual: boolean;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly distribution: string;
  readonly node: string;
  /** Processes that wanted a core before the run began, over the last minute: much above 0 disturbs the figures. */
  readonly loadBefore: number;
}

export function describeMachine(): Machine {
  const cpuinfo = readFileSync('/proc/cpuinfo', 'utf8');
  return {
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.cpus().length,
    virtual: /^flags.*\bhypervisor\b/m.test(cpuinfo),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    kernel: `Linux ${os.release()}`,
    distribution: /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'unknown',
    node: process.versions.node,
    loadBefore: os.loadavg()[0] ?? 0,
  };
}

export function machineText(machine: Machine): string {
  const virtual = machine.virtual ? ', a virtual machine' : '';
  return (
    `${machine.cpu}, ${machine.cores} cores${virtual}, ${machine.memoryGiB} GiB, ${machine.kernel}, ` +
    `${machine.distribution}, Node ${machine.node}; load before the run ${machine.loadBefore.toFixed(1)}`
  );
}
