#!/usr/bin/env bash
# Brings servers and clients of other people into a cache outside the repository, each unless it is there:
# `bash tests/clients/install.sh [consul|prometheus|traefik|python|eureka|go-modules|grpc-tools|grpc-examples|otel-python|otel-go|otel-collector …]`, all by default. Needs apt (consul,
# prometheus), Python 3 with pip, and Go.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cache="${CLIENTS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/flotilla-clients}"
mkdir -p "$cache"
cd "$cache"

# Unpacks a package of an older Debian. Its list is our own, so the system's stays as it is.
older() {
  [ -x "$1/usr/bin/$1" ] && return
  local apt="$cache/apt"
  mkdir -p "$apt/lists/partial" "$apt/archives/partial"
  echo 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian bullseye main' >"$apt/sources.list"
  local options=(-o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$apt/lists"
    -o "Dir::Cache::archives=$apt/archives" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o Acquire::Languages=none
    -o APT::Sandbox::User=root -o Dir::State::status=/dev/null)
  [ -n "$(find "$apt/lists" -name '*_Packages*' -mmin -60)" ] || apt-get -qq "${options[@]}" update
  rm -f "$apt/$1"_*.deb
  (cd "$apt" && apt-get -qq "${options[@]}" download "$1")
  rm -rf "$1.new" "$1"
  dpkg -x "$apt/$1"_*.deb "$1.new"
  mv "$1.new" "$1"
}
# The last Consul that Debian had, and the last Prometheus that Debian built with discovery from Consul.
consul() { older consul; }
prometheus() { older prometheus; }

# Each has an environment of its own, made as a whole or not at all.
environment() {
  [ -x "$1/bin/python" ] && cmp -s "$2" "$1/installed.txt" && return
  rm -rf "$1"
  python3 -m venv "$1"
  "$1/bin/pip" install -q --no-deps --disable-pip-version-check -r "$2"
  cp "$2" "$1/installed.txt"
}
traefik() { environment traefik "$here/traefik/requirements.txt"; }
python() { environment python "$here/python/requirements.txt"; }

# Only what has to be fetched: the tests build these themselves.
eureka() { mvn -q -B -f "$here/../../packages/conformance/eureka-server" dependency:resolve; }
go-modules() { for module in go go-suite; do (cd "$here/$module" && GOTOOLCHAIN=local go mod download); done; }

# Stock OpenTelemetry.
otel-python() { environment otel-python "$here/otel/requirements.txt"; }
otel-go() { (cd "$here/otel/go" && GOTOOLCHAIN=local go mod download); }

# Built once for each go.mod, which has their versions. With the flags of any other build, so that the Go example finds gRPC compiled.
grpc-tools() {
  cmp -s "$here/grpc/go.mod" grpc-tools/go.mod && return
  rm -rf grpc-tools.new
  (cd "$here/grpc" && GOTOOLCHAIN=local go build -o "$cache/grpc-tools.new/" tool)
  cp "$here/grpc/go.mod" grpc-tools.new/
  rm -rf grpc-tools
  mv grpc-tools.new grpc-tools
}
# The OpenTelemetry collector, of the parts that the tests need: two minutes on two cores.
otel-collector() {
  cmp -s "$here/otel-collector/go.mod" otel-collector/go.mod && cmp -s "$here/otel-collector/main.go" otel-collector/main.go && return
  rm -rf otel-collector.new
  (cd "$here/otel-collector" && GOTOOLCHAIN=local CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$cache/otel-collector.new/" .)
  cp "$here/otel-collector/go.mod" "$here/otel-collector/main.go" otel-collector.new/
  rm -rf otel-collector
  mv otel-collector.new otel-collector
}
# What the examples that speak gRPC need; the tests build them as their README says.
grpc-examples() {
  # First, since Go may be too old for the other.
  environment grpc-python "$here/../../examples/grpc-clients/python/requirements.txt"
  (cd "$here/../../examples/grpc-clients/go" && GOTOOLCHAIN=local go mod download)
}

[ $# -eq 0 ] && set -- consul prometheus traefik python eureka go-modules grpc-tools grpc-examples otel-python otel-go otel-collector
for what; do
  case "$what" in
  consul | prometheus | traefik | python | eureka | go-modules | grpc-tools | grpc-examples | otel-python | otel-go | otel-collector) "$what" ;;
  *) echo "Unknown: $what. Choose from: consul, prometheus, traefik, python, eureka, go-modules, grpc-tools, grpc-examples, otel-python, otel-go, otel-collector." >&2 && exit 64 ;;
  esac
done
