#!/usr/bin/env bash
# Fuzzes the readers of snapshots and deltas. usage: bench/fuzz.sh [SECONDS]   (default 600)
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build -v q -nologo -clp:ErrorsOnly test/Sunsetter.Gates.Tests
SUNSETTER_FUZZ_SECONDS="${1:-600}" test/Sunsetter.Gates.Tests/bin/Debug/net10.0/Sunsetter.Gates.Tests --filter-class '*FuzzTests' --show-live-output on
