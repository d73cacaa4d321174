"""Stock OpenTelemetry for Python sends one trace, its metrics and its logs: `otel_client.py http|grpc|http-gzip PORT SERVICE`."""

import logging
import sys

from opentelemetry import metrics, trace
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

protocol, port, service = sys.argv[1:]
if protocol == "grpc":
    from grpc import Compression
    from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

    options = {"endpoint": f"127.0.0.1:{port}", "insecure": True, "compression": Compression.Gzip}
    exporters = [kind(**options) for kind in (OTLPSpanExporter, OTLPMetricExporter, OTLPLogExporter)]
else:
    from opentelemetry.exporter.otlp.proto.http import Compression
    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    compression = Compression.Gzip if protocol == "http-gzip" else Compression.NoCompression
    url = f"http://127.0.0.1:{port}/v1/"
    exporters = [
        OTLPSpanExporter(endpoint=url + "traces", compression=compression),
        OTLPMetricExporter(endpoint=url + "metrics", compression=compression),
        OTLPLogExporter(endpoint=url + "logs", compression=compression),
    ]

resource = Resource.create({"service.name": service, "service.instance.id": "python-1"})
tracers = TracerProvider(resource=resource)
tracers.add_span_processor(BatchSpanProcessor(exporters[0]))
trace.set_tracer_provider(tracers)
meters = MeterProvider(resource=resource, metric_readers=[PeriodicExportingMetricReader(exporters[1])])
metrics.set_meter_provider(meters)
loggers = LoggerProvider(resource=resource)
loggers.add_log_record_processor(BatchLogRecordProcessor(exporters[2]))
log = logging.getLogger("shop")
log.addHandler(LoggingHandler(logger_provider=loggers))

meter = metrics.get_meter("shop")
meter.create_counter("shop.orders", unit="{order}").add(3, {"kind": "book"})
meter.create_histogram("shop.duration", unit="s").record(0.2)
tracer = trace.get_tracer("shop")
with tracer.start_as_current_span("GET /cart", kind=trace.SpanKind.SERVER) as span:
    span.set_attribute("http.request.method", "GET")
    span.set_attribute("url.path", "/cart")
    span.set_attribute("http.response.status_code", 500)
    span.set_attribute("sizes", [1, 2, 3])
    log.warning("the cart is empty")
    with tracer.start_as_current_span("read cart") as inner:
        inner.record_exception(ValueError("no cart"))
        inner.set_status(trace.StatusCode.ERROR, "no cart")
    print(format(span.get_span_context().trace_id, "032x"))

for provider in (tracers, meters, loggers):
    assert provider.force_flush(5_000) is not False
    provider.shutdown()
print("ok")
