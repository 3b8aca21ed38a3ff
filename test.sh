#!/usr/bin/env bash
# Installs what the tests need (Debian), builds once, runs every test and ends with the line "N passed, N failed[, N skipped]".
set -uo pipefail
cd "$(dirname "$0")"
# Programs that live for minutes do not earn back what it costs to watch them for a better compilation.
export DOTNET_TieredPGO=0
export DOTNET_CLI_TELEMETRY_OPTOUT=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en

passed=0 failed=0 skipped=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

finish() {
  local line="$passed passed, $failed failed"
  [ "$skipped" -eq 0 ] || line="$line, $skipped skipped"
  # Their output may stand a thousand lines above.
  cat "$scratch/failures" 2>/dev/null
  echo "$line"
  [ "$failed" -eq 0 ]
  exit
}

# check NAME COMMAND…: a check that is no test program counts as one test.
check() {
  local name=$1 log
  shift
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then
    echo "ok    $name"
    passed=$((passed + 1))
  else
    echo "FAIL  $name"
    echo "failed $name" >>"$scratch/failures"
    tail -n 60 "$log"
    failed=$((failed + 1))
  fi
  rm -f "$log"
}

# count LABEL LOG: the figure that stands behind LABEL in a test program's summary.
count() {
  sed -nE "s/^[^A-Za-z0-9]*$1:? ([0-9]+)$/\1/p" "$2" | tail -n 1
}

# run_tests NAME LABELS COMMAND…: adds a test program's figures; one that fails without saying how often counts as one failure.
run_tests() {
  local name=$1 passed_label=$2 failed_label=$3 skipped_label=$4 log code good bad left started=$SECONDS
  shift 4
  log=$(mktemp)
  echo "----  $name"
  "$@" >"$log" 2>&1
  code=$?
  good=$(count "$passed_label" "$log") bad=$(count "$failed_label" "$log") left=$(count "$skipped_label" "$log")
  if [ "$code" -ne 0 ] && [ "${bad:-0}" -eq 0 ]; then
    bad=1
    echo "      ended with $code and named no failed test"
    echo "failed $name, which ended with $code and named no test" >>"$scratch/failures"
  fi
  # What failed may stand a thousand tests before the end.
  if [ "$code" -ne 0 ]; then
    awk '/^failed /{left=40} left-- > 0' "$log" | head -n 400
    grep -E '^(failed|✖) ' "$log" >>"$scratch/failures"
    tail -n 100 "$log"
  else
    grep -iE '^skipped ' "$log"
  fi
  echo "      ${good:-0} passed, ${bad:-0} failed, ${left:-0} skipped in $((SECONDS - started)) s"
  passed=$((passed + ${good:-0})) failed=$((failed + ${bad:-0})) skipped=$((skipped + ${left:-0}))
  rm -f "$log"
}

install_missing() {
  local wanted=() package
  [ -x /usr/bin/chromium ] || wanted+=(chromium)
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || wanted+=(postgresql)
  [ -x /usr/lib/postfix/sbin/master ] || wanted+=(postfix)
  command -v clang >/dev/null || command -v gcc >/dev/null || wanted+=(gcc libc6-dev)
  for package in sqlite3 faketime fonts-noto-cjk fonts-inter; do
    dpkg -s "$package" >/dev/null 2>&1 || wanted+=("$package")
  done
  [ ${#wanted[@]} -gt 0 ] || return 0
  echo "----  installing ${wanted[*]}"
  local log as=()
  log=$(mktemp)
  if ! command -v apt-get >/dev/null; then
    echo "      no apt-get here: tests that need ${wanted[*]} are skipped"
    return 0
  fi
  [ "$(id -u)" -eq 0 ] || as=(sudo -n)
  # RUNLEVEL=1: the packages' own services are not started; each test starts private instances.
  if ! { "${as[@]}" apt-get update -qq &&
    "${as[@]}" env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log"
    echo "      could not install: tests that need ${wanted[*]} are skipped"
  fi
  rm -f "$log"
}

if ! command -v dotnet >/dev/null || ! dotnet --list-sdks | grep -q '^10\.'; then
  echo "Sunsetter needs the .NET SDK 10.0: https://dotnet.microsoft.com/download/dotnet/10.0"
  failed=1
  finish
fi

install_missing
check "the solution builds without a warning" dotnet build Sunsetter.slnx -v q -nologo -clp:"ErrorsOnly;NoSummary"
[ "$failed" -eq 0 ] || finish
# What looks at the code and at the clients of other languages needs little of the machine: it runs beside the long tests.
beside() {
  check "the code is formatted (dotnet format)" dotnet format Sunsetter.slnx --verify-no-changes --no-restore
  check "the gate and its client work as native code and trimmed, without a warning" test/aot/run.sh
  if ! command -v npm >/dev/null; then
    echo "----  sdk/js: skipped, no npm here (apt-get install npm)"
    skipped=$((skipped + 1))
    return
  fi
  check "the packages of sdk/js install" npm --prefix sdk/js ci --no-audit --no-fund
  run_tests "sdk/js" pass fail skipped npm --prefix sdk/js test
  if npm --prefix sdk/js/conformance ci --no-audit --no-fund >/dev/null 2>&1; then
    run_tests "OpenFeature's own clients, in Node and in a browser" pass fail skipped timeout 300 sdk/js/conformance/run.sh
  else
    echo "----  sdk/js/conformance: skipped, its packages could not be installed"
    skipped=$((skipped + 1))
  fi
}

# The oracle of the sets of users; without npm its one test says so and is skipped.
if command -v npm >/dev/null; then
  check "the packages of test/roaring-oracle install" npm --prefix test/roaring-oracle ci --no-audit --no-fund
fi

(
  passed=0 failed=0 skipped=0
  beside
  echo "$passed $failed $skipped" >"$scratch/beside.counts"
) >"$scratch/beside.log" 2>&1 &

for program in test/*/bin/Debug/net10.0/Sunsetter.*.Tests test/Sunsetter.Journeys/bin/Debug/net10.0/Sunsetter.Journeys; do
  [ -x "$program" ] && run_tests "$(basename "$program")" succeeded failed skipped timeout 2400 "$program" --no-ansi --output detailed
done

wait
cat "$scratch/beside.log"
if read -r good bad left 2>/dev/null <"$scratch/beside.counts"; then
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
else
  echo "FAIL  what runs beside the tests ended early"
  failed=$((failed + 1))
fi

finish
