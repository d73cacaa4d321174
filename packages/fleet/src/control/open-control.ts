import { tmpdir } from 'node:os';
import type { Clock } from '@flotilla/contracts';
import { ControlDesk, type ControlDeskOptions } from './control-desk.ts';
import { ControlServer } from './control-server.ts';
import { controlProtocol } from './control-types.ts';
import { type FleetRecord, prepareRecords, removeRecord, writeRecord } from './fleet-record.ts';
import type { LogRing } from './log-ring.ts';
import { socketPath } from './socket-path.ts';

/** What {@link openControl} needs. */
export interface ControlOptions extends ControlDeskOptions {
  readonly logs: LogRing;
  readonly clock: Clock;
}

/** The control socket of a fleet. */
export interface Control {
  close(): void;
}

/** Lets clients on this machine control a fleet. Rejects if that is not possible; the fleet can run without it. */
export async function openControl(options: ControlOptions): Promise<Control> {
  const { folder, pid, version, clock, logs } = options;
  const socket = socketPath(folder, pid, { platform: process.platform, temporary: tmpdir() });
  const record: FleetRecord = { pid, socket, protocol: controlProtocol, version, startedAtMs: clock.now() };
  prepareRecords(folder, record);
  const server = new ControlServer(new ControlDesk(options), logs);
  try {
    await server.listen(socket);
    // It says that there is somebody to ask, so it comes last, and goes first.
    writeRecord(folder, record);
  } catch (error) {
    server.close();
    removeRecord(folder, record);
    throw error;
  }
  return {
    close() {
      removeRecord(folder, record);
      server.close();
    },
  };
}
