// Stock OpenTelemetry for Go sends one trace, its metrics and its logs: `otel-client http|http-gzip|grpc PORT SERVICE`.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploggrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetricgrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/metric"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

func main() {
	if err := send(context.Background(), os.Args[1], "127.0.0.1:"+os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("ok")
}

type exporters struct {
	spans   sdktrace.SpanExporter
	metrics sdkmetric.Exporter
	logs    sdklog.Exporter
}

func open(ctx context.Context, protocol, address string) (e exporters, err error) {
	var errs [3]error
	switch protocol {
	case "grpc":
		e.spans, errs[0] = otlptracegrpc.New(ctx, otlptracegrpc.WithEndpoint(address), otlptracegrpc.WithInsecure())
		e.metrics, errs[1] = otlpmetricgrpc.New(ctx, otlpmetricgrpc.WithEndpoint(address), otlpmetricgrpc.WithInsecure())
		e.logs, errs[2] = otlploggrpc.New(ctx, otlploggrpc.WithEndpoint(address), otlploggrpc.WithInsecure())
	default:
		spans := []otlptracehttp.Option{otlptracehttp.WithEndpoint(address), otlptracehttp.WithInsecure()}
		metrics := []otlpmetrichttp.Option{otlpmetrichttp.WithEndpoint(address), otlpmetrichttp.WithInsecure()}
		logs := []otlploghttp.Option{otlploghttp.WithEndpoint(address), otlploghttp.WithInsecure()}
		if protocol == "http-gzip" {
			spans = append(spans, otlptracehttp.WithCompression(otlptracehttp.GzipCompression))
			metrics = append(metrics, otlpmetrichttp.WithCompression(otlpmetrichttp.GzipCompression))
			logs = append(logs, otlploghttp.WithCompression(otlploghttp.GzipCompression))
		}
		e.spans, errs[0] = otlptracehttp.New(ctx, spans...)
		e.metrics, errs[1] = otlpmetrichttp.New(ctx, metrics...)
		e.logs, errs[2] = otlploghttp.New(ctx, logs...)
	}
	return e, errors.Join(errs[:]...)
}

func send(ctx context.Context, protocol, address, service string) error {
	e, err := open(ctx, protocol, address)
	if err != nil {
		return err
	}
	who := resource.NewSchemaless(attribute.String("service.name", service), attribute.String("service.instance.id", "go-1"))
	tracers := sdktrace.NewTracerProvider(sdktrace.WithBatcher(e.spans), sdktrace.WithResource(who))
	meters := sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewPeriodicReader(e.metrics)), sdkmetric.WithResource(who))
	loggers := sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(e.logs)), sdklog.WithResource(who))

	meter := meters.Meter("shop")
	orders, _ := meter.Int64Counter("shop.orders", metric.WithUnit("{order}"))
	orders.Add(ctx, 3, metric.WithAttributes(attribute.String("kind", "book")))
	duration, _ := meter.Float64Histogram("shop.duration", metric.WithUnit("s"))
	duration.Record(ctx, 0.2)

	tracer := tracers.Tracer("shop")
	outer, span := tracer.Start(ctx, "GET /cart", trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
		attribute.String("http.request.method", "GET"),
		attribute.String("url.path", "/cart"),
		attribute.Int("http.response.status_code", 500),
		attribute.IntSlice("sizes", []int{1, 2, 3}),
	))
	var record log.Record
	record.SetTimestamp(time.Now())
	record.SetSeverity(log.SeverityWarn)
	record.SetBody(attribute.StringValue("the cart is empty"))
	loggers.Logger("shop").Emit(outer, record)
	_, inner := tracer.Start(outer, "read cart")
	inner.RecordError(errors.New("no cart"))
	inner.SetStatus(codes.Error, "no cart")
	inner.End()
	span.End()
	fmt.Println(span.SpanContext().TraceID())
	return errors.Join(tracers.Shutdown(ctx), meters.Shutdown(ctx), loggers.Shutdown(ctx))
}
