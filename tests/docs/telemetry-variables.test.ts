import assert from 'node:assert/strict';
import { test } from 'node:test';
import { telemetrySettings } from '@flotilla/kit/config';
import { readText } from './documents.ts';

/** Each of those for all signals exists for one alone, too, which the guides say once. */
const ofOneSignal = /^OTEL_EXPORTER_OTLP_(?:TRACES|METRICS|LOGS)_/;

for (const language of ['', 'zh/'])
  test(`the guides in docs/${language} explain every variable of telemetry`, () => {
    const text = ['tracing', 'metrics-and-logs'].map((guide) => readText(`docs/${language}guides/${guide}.md`)).join();
    const missing = Object.keys(telemetrySettings()).filter((name) => {
      // The certificates are listed with the beginning of their names left out.
      const names = [name, name.replace('OTEL_EXPORTER_OTLP', '…')];
      return !names.some((shown) => text.includes(`\`${shown}\``));
    });
    assert.deepEqual(
      missing.filter((name) => !ofOneSignal.test(name) || name.endsWith('_PREFERENCE')),
      [],
    );
  });
