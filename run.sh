#!/usr/bin/env bash
# Builds and starts the server: ./run.sh [--demo] [--port N] [--data DIR]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

usage() {
  cat <<'TEXT'
usage: ./run.sh [--demo] [--port N] [--data DIR]

  --demo      load the demo workspace: an invented messaging vendor with a year of use
  --port N    listen on http://localhost:N (5180)
  --data DIR  keep the SQLite database and files in DIR (./data)

With SUNSETTER_DATABASE set to a PostgreSQL connection string the server runs on PostgreSQL.
TEXT
}

fail() {
  echo "$1" >&2
  exit 1
}

port=5180 data=$here/data demo=()
while [ $# -gt 0 ]; do
  case $1 in
    --demo) demo=(--demo) ;;
    --port) port=${2:?--port needs a number} && shift ;;
    --data) data=${2:?--data needs a directory} && shift ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && fail "Unknown option: $1" ;;
  esac
  shift
done
[[ $port =~ ^[0-9]{1,5}$ ]] && [ "$port" -ge 1 ] && [ "$port" -le 65535 ] || fail "--port needs a number between 1 and 65535, not \"$port\"."

if ! command -v dotnet >/dev/null || ! dotnet --list-sdks | grep -q '^10\.'; then
  fail "Sunsetter needs the .NET SDK 10.0, and nothing else. Install it from https://dotnet.microsoft.com/download/dotnet/10.0 and run this again."
fi

# A relative directory means the one the caller stands in.
mkdir -p "$data"
data=$(cd "$data" && pwd)

echo "Building…"
dotnet publish "$here/src/Sunsetter.Server" -c Release -o "$here/artifacts/server" -v q -nologo -clp:"ErrorsOnly;NoSummary"
cd "$here/artifacts/server"
exec dotnet Sunsetter.Server.dll --port "$port" --data "$data" "${demo[@]}"
