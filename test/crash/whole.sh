#!/usr/bin/env bash
# Kills the whole server at random moments, on SQLite and on PostgreSQL, while it imports usage, sends mail through a Postfix and closing instants pass;
# then counts what was accepted, what arrived and what closed. usage: test/crash/whole.sh [KILLS, default 30] [MAILS, default 2000] [SEED]
set -euo pipefail
cd "$(dirname "$0")/../.."
dotnet build -v q -nologo -clp:ErrorsOnly test/Sunsetter.Server.Tests
SUNSETTER_KILLS="${1:-30}" SUNSETTER_KILL_MAILS="${2:-2000}" SUNSETTER_KILL_SEED="${3:-7}" \
  test/Sunsetter.Server.Tests/bin/Debug/net10.0/Sunsetter.Server.Tests --filter-class '*KilledServerTests' --show-live-output on
