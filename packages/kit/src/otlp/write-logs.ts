import { ByteWriter, nanosText } from './byte-writer.ts';
import type { OtelLog } from './otel-log.ts';
import { anyJson, jsonFields, writeJsonFields, writeJsonValue } from './write-any.ts';
import { attributesJson } from './write-attributes.ts';
import { type Reporter, writeResource, writeScope } from './write-spans.ts';

/** An `ExportLogsServiceRequest` in protobuf's encoding. `observedMs`: when the lines were read, in milliseconds since the epoch. */
export function writeLogs(reporter: Reporter, logs: readonly OtelLog[], observedMs: number): Buffer {
  const writer = new ByteWriter();
  writer.byte(0x0a); // resource_logs
  writer.nested(() => {
    writeResource(writer, reporter);
    writer.byte(0x12); // scope_logs
    writer.nested(() => {
      writeScope(writer, reporter);
      for (const log of logs) {
        writer.byte(0x12); // log_records
        const start = writer.open();
        writeLog(writer, log, observedMs);
        writer.close(start);
      }
    });
  });
  return writer.take();
}

function writeLog(writer: ByteWriter, log: OtelLog, observedMs: number): void {
  writer.byte(0x09);
  writer.fixed64Nanos(log.atMs);
  writer.byte(0x10);
  writer.byte(log.severity);
  writer.byte(0x1a);
  writer.text(log.severityText);
  writer.byte(0x2a);
  writeJsonValue(writer, log.body);
  writeJsonFields(writer, 0x32, log.attributes);
  if (log.traceId !== undefined) {
    writer.byte(0x4a);
    writer.hex(log.traceId);
  }
  if (log.spanId !== undefined) {
    writer.byte(0x52);
    writer.hex(log.spanId);
  }
  writer.byte(0x59);
  writer.fixed64Nanos(observedMs);
}

/** The same in the JSON of OTLP. */
export function logsJson({ resource, scope }: Reporter, logs: readonly OtelLog[], observedMs: number): Buffer {
  const observedTimeUnixNano = nanosText(observedMs);
  const logRecords = logs.map((log) => ({
    timeUnixNano: nanosText(log.atMs),
    observedTimeUnixNano,
    severityNumber: log.severity,
    severityText: log.severityText,
    body: anyJson(log.body),
    attributes: jsonFields(log.attributes),
    traceId: log.traceId,
    spanId: log.spanId,
  }));
  const message = {
    resourceLogs: [{ resource: { attributes: attributesJson(resource) }, scopeLogs: [{ scope, logRecords }] }],
  };
  return Buffer.from(JSON.stringify(message));
}
