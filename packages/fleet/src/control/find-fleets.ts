import { ControlClient, ControlFailure } from './control-client.ts';
import { controlProtocol, type FleetReport } from './control-types.ts';
import { type FleetRecord, readRecords, removeRecord } from './fleet-record.ts';

/** A fleet of a project that has a record. */
export type FoundFleet =
  | {
      readonly kind: 'running';
      readonly record: FleetRecord;
      readonly client: ControlClient;
      readonly report: FleetReport;
    }
  /** Its supervisor does not answer: it is suspended or hangs. */
  | { readonly kind: 'silent'; readonly record: FleetRecord }
  /** Its supervisor uses another version of the protocol. */
  | { readonly kind: 'foreign'; readonly record: FleetRecord };

/** The running fleets of a project. Records of killed ones are removed. */
export async function findFleets(
  project: string,
  options: { readonly answerLimitMs?: number } = {},
): Promise<readonly FoundFleet[]> {
  const found = await Promise.all(
    readRecords(project).map((record) =>
      lookAt(project, record, new ControlClient(record.socket, options.answerLimitMs)),
    ),
  );
  return found.filter((fleet) => fleet !== undefined);
}

async function lookAt(project: string, record: FleetRecord, client: ControlClient): Promise<FoundFleet | undefined> {
  try {
    const report = await client.report();
    if (record.protocol !== controlProtocol) return { kind: 'foreign', record };
    return { kind: 'running', record, client, report };
  } catch (error) {
    if (!(error instanceof ControlFailure)) throw error;
    if (error.kind === 'silent') return { kind: 'silent', record };
    if (error.kind === 'refused') return { kind: 'foreign', record };
    // Nobody listens there: its supervisor has gone without a word. One that just starts listens before it leaves a record.
    removeRecord(project, record);
    return undefined;
  }
}
