#!/usr/bin/env bash
# Imports a generated file of usage (recipe: bench/Usage/ImportFile.cs) into a running server, once through the command line and once through the API,
# each into an empty SQLite database: lines per second, and the most memory the server ever held. bench/import-cli.sh [lines] [port]
set -euo pipefail
cd "$(dirname "$0")/.."
lines=${1:-10000000} port=${2:-5180}
work=$(mktemp -d)
server=
cleanup() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT

dotnet publish src/Sunsetter.Server -c Release -o "$work/server" -v q -nologo -clp:"ErrorsOnly;NoSummary"
dotnet publish src/Sunsetter.Cli -c Release -o "$work/cli" -v q -nologo -clp:"ErrorsOnly;NoSummary"
written=$(dotnet run -c Release --project bench -- usage-file "$work/usage.csv" 500 "$lines")
export SUNSETTER_ADMIN_TOKEN=bench-token

echo "| way | lines | seconds | lines/s | most memory of the server, MB (before) |"
echo "|---|---:|---:|---:|---:|"
for way in cli api; do
  dotnet "$work/server/Sunsetter.Server.dll" --port "$port" --data "$work/$way" --Logging:LogLevel:Default=Warning >"$work/$way.log" 2>&1 &
  server=$!
  until curl -sf "http://127.0.0.1:$port/health/ready" >"$work/ready"; do kill -0 "$server"; sleep 0.5; done
  before=$(awk '/VmHWM/ { print $2 }' "/proc/$server/status")
  began=$(date +%s.%N)
  if [ "$way" = cli ]; then
    dotnet "$work/cli/Sunsetter.Cli.dll" import usage "$work/usage.csv" --server "http://127.0.0.1:$port" >"$work/said"
  else
    curl -sf -H "Authorization: Bearer bench-token" -H "Content-Type: text/csv" -T "$work/usage.csv" -X POST "http://127.0.0.1:$port/api/v1/imports/usage?file=usage.csv" >"$work/said"
  fi
  ended=$(date +%s.%N)
  after=$(awk '/VmHWM/ { print $2 }' "/proc/$server/status")
  counted=$(curl -sf -H "Authorization: Bearer bench-token" "http://127.0.0.1:$port/api/v1/imports" | grep -o "\"added\":$written" | head -1)
  [ -n "$counted" ] || { echo "Not every line was counted:" >&2; cat "$work/said" >&2; exit 1; }
  awk -v way="$way" -v lines="$written" -v began="$began" -v ended="$ended" -v before="$before" -v after="$after" \
    'BEGIN { t = ended - began; printf "| %s | %d | %.1f | %d | %d (%d) |\n", way, lines, t, lines / t, after * 1024 / 1e6, before * 1024 / 1e6 }'
  kill "$server" && wait "$server" || true
  server=
done
