#!/usr/bin/env bash
# Starts an empty server on a free port and lets OpenFeature's own clients obey it.
# usage: sdk/js/conformance/run.sh   (build the solution and sdk/js first)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
server=${SUNSETTER_SERVER_DLL:-$root/src/Sunsetter.Server/bin/Debug/net10.0/Sunsetter.Server.dll}
port=${PORT:-5390}
data=$(mktemp -d)
export SUNSETTER_ADMIN_TOKEN=sun_conformance_$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
export SUNSETTER_URL=http://127.0.0.1:$port

dotnet "$server" --port "$port" --data "$data" >"$data/log" 2>&1 &
pid=$!
trap 'kill $pid 2>/dev/null || true; wait $pid 2>/dev/null || true; rm -rf "$data"' EXIT
for _ in $(seq 120); do
  curl -fs "$SUNSETTER_URL/health/ready" >/dev/null && break
  kill -0 $pid 2>/dev/null || { tail -n 30 "$data/log"; exit 1; }
  sleep 0.5
done
curl -fs "$SUNSETTER_URL/health/ready" >/dev/null || { echo "The server did not become ready:"; tail -n 30 "$data/log"; exit 1; }
[ -d "$here/node_modules" ] || npm --prefix "$here" ci --no-audit --no-fund
npm --prefix "$here" test
