#!/usr/bin/env bash
# Makes the packages and tries them as a newcomer would: an empty folder, the package, the start that docs/obey-a-gate.md shows, built and run against a real server.
# usage: test/packages/run.sh [aspnetcore|dotnet|grpc|signalr|features|node|browser]…   PORT (5640): the server's; the two after it are the applications'.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
port=${PORT:-5640} app=$((${PORT:-5640} + 1))
work=$(mktemp -d)
# Never the same twice, so that nobody is given what they were given before.
version=0.1.0-trial.$(date +%s)
caches=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
pids=()
end() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work" "$caches"/sunsetter.*/"$version"
}
trap end EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 SUNSETTER_ADMIN_TOKEN
SUNSETTER_ADMIN_TOKEN=sun_trial_$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
failed=0

until_up() { for _ in $(seq 240); do curl -s -o "$work/answer" "$@" && return; sleep 0.25; done; echo "Nothing answers at $*"; return 1; }
# The code block of a language in the page that holds a text, with its example address and key replaced by ours.
start() { python3 "$here/start.py" "$root/docs/obey-a-gate.md" "$1" "$2" | sed -e "s#https://sunsetter.example.com#http://127.0.0.1:$port#g" -e "s#sst_web_…#$web#g" -e "s#app.Run();#app.Run(\"http://127.0.0.1:$app\");#"; }
is() { if [ "$2" = "$3" ]; then echo "  ok    $1: $2"; else echo "  FAILED $1: \"$2\" and not \"$3\""; failed=1; fi; }

# ——— what is tried, and whom it talks to ———
for package in Gates Client Client.AspNetCore Client.Grpc Client.FeatureManagement; do
  dotnet pack "$root/src/Sunsetter.$package" -c Release -o "$work/feed" -p:Version="$version" -v q -nologo -clp:"ErrorsOnly;NoSummary"
done
cat >"$work/nuget.config" <<XML
<configuration><packageSources><add key="trial" value="$work/feed" /></packageSources></configuration>
XML
server=${SUNSETTER_SERVER_DLL:-$root/src/Sunsetter.Server/bin/Debug/net10.0/Sunsetter.Server.dll}
dotnet "$server" --port "$port" --data "$work/data" >"$work/server.log" 2>&1 &
pids+=($!)
until_up -f "http://127.0.0.1:$port/health/ready"
key() { curl -fs -H "Authorization: Bearer $SUNSETTER_ADMIN_TOKEN" -H 'content-type: application/json' -d "{\"name\":\"trial-$1\",\"kind\":\"$1\"}" "http://127.0.0.1:$port/api/v1/gates/keys" | sed 's/.*"key":"\([^"]*\)".*/\1/'; }
export SUNSETTER_KEY SunsetterKey
SUNSETTER_KEY=$(key server) SunsetterKey=$SUNSETTER_KEY web=$(key browser)

# An empty folder with a project and our package in it.
project() {
  mkdir "$work/$1" && cd "$work/$1"
  dotnet new "$2" --no-restore >/dev/null
  dotnet add package "$3" --version "$version" >"$work/add.log" || { tail -n 5 "$work/add.log"; return 1; }
}
run() {
  dotnet build -v q -nologo -clp:"ErrorsOnly;NoSummary" || { failed=1; return 1; }
  dotnet "bin/Debug/net10.0/${PWD##*/}.dll" >"$work/app.log" 2>&1 &
  running=$!
  pids+=("$running")
}
stop() { kill "$running" 2>/dev/null || true; wait "$running" 2>/dev/null || true; }
receipts() { curl -fs -H "Authorization: Bearer $SUNSETTER_ADMIN_TOKEN" "http://127.0.0.1:$port/api/v1/gates/proof"; }
# The application has spoken with the server: what it obeys is known there.
obeys() { for _ in $(seq 60); do receipts | grep -q '"obeying":[1-9]' && return; sleep 0.25; done; return 1; }

try_aspnetcore() {
  project aspnetcore web Sunsetter.Client.AspNetCore && start csharp '.RequireModule(' >Program.cs && run && until_up "http://127.0.0.1:$app/api/rooms" && is "ASP.NET Core" "$(cat "$work/answer")" rooms || failed=1
  is "ASP.NET Core, receipt" "$(obeys && echo arrived)" arrived
  stop
}
try_dotnet() {
  project console console Sunsetter.Client && start csharp 'new SunsetterClient(' >Program.cs && dotnet build -v q -nologo -clp:"ErrorsOnly;NoSummary" && is ".NET" "$(dotnet bin/Debug/net10.0/console.dll >/dev/null; echo $?)" 0 || failed=1
}
try_grpc() {
  project grpc web Sunsetter.Client.Grpc && dotnet add package Grpc.AspNetCore >/dev/null && cp "$here/rooms.proto" . && start csharp 'MapGrpcService' | sed 's/: Rooms.RoomsBase;/: Rooms.RoomsBase { public override System.Threading.Tasks.Task<Word> Say(Word said, Grpc.Core.ServerCallContext context) => System.Threading.Tasks.Task.FromResult(said); }/' >Program.cs
  sed -i 's#</Project>#<ItemGroup><Protobuf Include="rooms.proto" /></ItemGroup></Project>#' grpc.csproj
  export Kestrel__EndpointDefaults__Protocols=Http2
  run && until_up --http2-prior-knowledge -X POST -H 'content-type: application/grpc' -H 'te: trailers' --data-binary "@$here/hello.bin" "http://127.0.0.1:$app/Rooms/Say" && is gRPC "$(tail -c 5 "$work/answer")" hello || failed=1
  unset Kestrel__EndpointDefaults__Protocols
  stop
}
try_signalr() {
  project signalr web Sunsetter.Client.AspNetCore && start csharp '.RequireModule(' | sed 's#app.MapGet.*#app.MapHub<RoomsHub>("/hub");#; s#var app =#builder.Services.AddSignalR(); var app =#' >Program.cs && start csharp 'class RoomsHub' >RoomsHub.cs
  run && until_up -f -X POST "http://127.0.0.1:$app/hub/negotiate?negotiateVersion=1" && is SignalR "$(grep -c connectionToken "$work/answer")" 1 || failed=1
  stop
}
try_features() {
  project features web Sunsetter.Client.FeatureManagement && start csharp 'AddFeatureManagement().AddSunsetter()' >Program.cs && run && until_up "http://127.0.0.1:$app/api/rooms" && is "Microsoft.FeatureManagement" "$(cat "$work/answer")" false || failed=1
  stop
}
tarball() { [ -f "$work"/npm/*.tgz ] && return; mkdir -p "$work/npm"; (cd "$root/sdk/js" && npm run build >/dev/null && npm pack --silent --pack-destination "$work/npm" >/dev/null); }
try_node() {
  tarball
  mkdir "$work/node" && cd "$work/node" && npm init -y >/dev/null && npm install --no-audit --no-fund --silent "$work"/npm/*.tgz && start js "'@sunsetter/client/node'" >app.mjs
  PORT=$app node app.mjs >"$work/app.log" 2>&1 &
  running=$!
  pids+=("$running")
  until_up "http://127.0.0.1:$app/" && sleep 1 && is Node "$(curl -s "http://127.0.0.1:$app/")" unknown-module || failed=1
  stop
}
try_browser() {
  tarball
  mkdir "$work/browser" && cd "$work/browser" && npm init -y >/dev/null && npm install --no-audit --no-fund --silent "$work"/npm/*.tgz && cp node_modules/@sunsetter/client/dist/sunsetter.min.js . && start js "'./sunsetter.min.js'" >page.mjs
  chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
  [ -n "$chromium" ] || { echo "  no Chromium: the browser is left out"; return; }
  PORT=$app KEY=$SUNSETTER_KEY node "$here/page.mjs" &
  pids+=($!)
  until_up "http://127.0.0.1:$app/"
  is "a page in Chromium" "$("$chromium" --headless --no-sandbox --disable-gpu --virtual-time-budget=5000 --dump-dom "http://127.0.0.1:$app/" 2>/dev/null | grep -o 'banner hidden, rooms enabled')" "banner hidden, rooms enabled"
}

[ $# -gt 0 ] || set -- aspnetcore dotnet grpc signalr features node browser
for what in "$@"; do echo "$what"; "try_$what" || failed=1; done
exit $failed
