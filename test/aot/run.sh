#!/usr/bin/env bash
# Publishes a program that uses Sunsetter.Gates and Sunsetter.Client as native code and as a trimmed one, without a warning, and runs both.
# usage: test/aot/run.sh [native|trimmed]   Needs clang or gcc for the native one.
set -euo pipefail
cd "$(dirname "$0")"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

probe() {
  local kind=$1
  shift
  dotnet publish AotProbe.csproj -c Release -r linux-x64 -o "$out/$kind" -v q -nologo -warnaserror -p:Probe="$kind" "$@" 2>&1 | tee "$out/$kind.log"
  if grep -qiE 'warning (IL|AOT|CS|CA)' "$out/$kind.log"; then
    echo "$kind: there are warnings"
    return 1
  fi
  echo "$kind: $(find "$out/$kind" -type f ! -name '*.dbg' ! -name '*.pdb' -printf '%s\n' | awk '{ bytes += $1 } END { printf "%.1f MB", bytes / 1e6 }'), $("$out/$kind/AotProbe" ../vectors/decisions.json)"
}

linker=clang
command -v clang >/dev/null || linker=gcc
case "${1:-both}" in
  native | both) probe native -p:CppCompilerAndLinker=$linker ;;&
  trimmed | both) probe trimmed --self-contained ;;
  native) ;;
  *) echo "native, trimmed or nothing" && exit 2 ;;
esac
