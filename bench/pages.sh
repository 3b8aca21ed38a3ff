#!/usr/bin/env bash
# How long the console's pages take at 500 modules × 5,000 customers: builds, starts a server, imports an invented vendor over the API and
# asks for each page many times over loopback, signed in. Prints median and 99th percentile in milliseconds.
# usage: bench/pages.sh [REQUESTS-PER-PAGE]      SUNSETTER_DATABASE chooses PostgreSQL.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
requests=${1:-200} port=${PORT:-5465}
work=$(mktemp -d)
base=http://localhost:$port
export SUNSETTER_ADMIN_TOKEN=sst_bench_0123456789abcdef0123456789abcdef

dotnet publish "$here/src/Sunsetter.Server" -c Release -o "$work/server" -v q -nologo -clp:"ErrorsOnly;NoSummary"
cd "$work/server"
dotnet Sunsetter.Server.dll --port "$port" --data "$work/data" --Logging:LogLevel:Default=Warning >"$work/log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -rf "$work"' EXIT
until curl -sf "$base/health/ready" >/dev/null; do sleep 0.2; done

import() { curl -sf -H "Authorization: Bearer $SUNSETTER_ADMIN_TOKEN" --data-binary "@$2" -H 'Content-Type: text/csv' "$base/api/v1/imports/$1" >"$work/$1.json" || { echo "import of $1 failed"; cat "$work/$1.json"; exit 1; }; }

awk 'BEGIN { print "key,name,class,owner"
  for (m = 1; m <= 500; m++) printf "module-%03d,Module %d,%s,team-%d\n", m, m, m % 10 ? "non-core" : "core", m % 25 }' >"$work/modules.csv"
awk 'BEGIN { print "key,name,tier,account_manager,annual_value,currency,time_zone,locale"
  for (c = 1; c <= 5000; c++) printf "customer-%04d,Customer %d,%s,am%d@vendor.test,%d,CNY,Asia/Shanghai,%s\n", c, c, c % 20 ? "standard" : "key", c % 40, 1000 * (c % 300 + 1), c % 2 ? "zh-CN" : "en" }' >"$work/customers.csv"
# Each customer uses 20 modules with 3 people, 8 days of the last 60: 2.4 million lines.
awk -v now="$(date +%s)" 'BEGIN { srand(7); print "time,module,customer,user"
  for (c = 1; c <= 5000; c++) for (i = 0; i < 20; i++) { m = 1 + (c * 13 + i * 29) % 500
    for (u = 1; u <= 3; u++) for (d = 0; d < 8; d++) printf "%d,module-%03d,customer-%04d,c%d-u%d\n", now - 86400 * int(rand() * 60) - 60, m, c, c, u } }' >"$work/usage.csv"
started=$(date +%s.%N)
import modules "$work/modules.csv"
import customers "$work/customers.csv"
import usage "$work/usage.csv"
echo "imported $(($(wc -l <"$work/usage.csv") - 1)) lines of usage in $(echo "$(date +%s.%N) - $started" | bc) s; $(awk '/VmRSS/ { print int($2 / 1024) }' /proc/"$server"/status) MiB resident"

link=$(grep -o "$base/sign-in/[0-9a-zA-Z]*" "$work/log" | head -n 1)
token=$(curl -s -c "$work/cookies" "$link" | grep -o '__RequestVerificationToken" value="[^"]*' | head -n 1 | sed 's/.*value="//')
curl -s -b "$work/cookies" -c "$work/cookies" -o /dev/null --data-urlencode "__RequestVerificationToken=$token" "$link"

printf '%-38s %8s %8s %8s\n' page status median p99
for page in "${PAGES[@]:-/ /modules /modules/module-010 /customers /customers/customer-0100 /retirements /support /settings}"; do
  for path in $page; do
    curl -s -b "$work/cookies" -o /dev/null "$base$path"
    status=$(curl -s -b "$work/cookies" -o /dev/null -w '%{http_code}' "$base$path")
    for _ in $(seq "$requests"); do printf 'url = "%s%s"\noutput = /dev/null\n' "$base" "$path"; done >"$work/urls"
    curl -s -b "$work/cookies" -K "$work/urls" -w '%{time_starttransfer} %{time_total}\n' | awk '{ print $2 * 1000 }' | sort -n >"$work/times"
    awk -v path="$path" -v status="$status" '{ t[NR] = $1 } END { printf "%-38s %8s %8.1f %8.1f\n", path, status, t[int((NR + 1) / 2)], t[int(NR * 0.99 + 0.5)] }' "$work/times"
  done
done
