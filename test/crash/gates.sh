#!/usr/bin/env bash
# Kills one of two nodes on PostgreSQL while it commits a close, again and again; no client may stay open. usage: test/crash/gates.sh [KILLS, default 30]
set -euo pipefail
cd "$(dirname "$0")/../.."
dotnet build -v q -nologo -clp:ErrorsOnly test/Sunsetter.Server.Tests
SUNSETTER_KILLS="${1:-30}" test/Sunsetter.Server.Tests/bin/Debug/net10.0/Sunsetter.Server.Tests --filter-class '*KilledNodeTests' --show-live-output on
