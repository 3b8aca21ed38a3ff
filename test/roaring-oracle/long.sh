#!/usr/bin/env bash
# The long comparison with CRoaring: at least a million set operations, in random shapes. Takes some minutes.
# usage: test/roaring-oracle/long.sh [pairs of sets, default 150000]   (each pair is seven operations)
set -euo pipefail
cd "$(dirname "$0")"
npm ci --no-audit --no-fund --loglevel=error
cd ../..
dotnet build -v q -clp:ErrorsOnly test/Sunsetter.Server.Tests
SUNSETTER_ORACLE_PAIRS="${1:-150000}" \
  test/Sunsetter.Server.Tests/bin/Debug/net10.0/Sunsetter.Server.Tests --filter-class '*RoaringOracleTests' --show-live-output on
