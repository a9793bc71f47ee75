#!/usr/bin/env bash
# Does what README.md beside it says: starts the host by its command, on a database server of its own, runs the
# commands of the six answers, compares what each prints, and stops that server before the last. Needs bash, curl, a JDK and Maven.
set -euo pipefail
cd "$(dirname "$0")"
readme=$PWD/README.md
work=$(mktemp -d)
host_group="" database=""

stop() {
    [ -z "$host_group" ] || kill -- "-$host_group" 2>/dev/null || true
    [ -z "$database" ] || kill "$database" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT

# The Nth block of the README with this language, or the one right behind it.
block() {
    awk -v wanted="$1" -v behind="${2:-0}" '
        /^```/ && !inside { inside = 1; if ($0 == "```sh") n++; shown = (n == wanted && (($0 == "```sh") != behind)); next }
        /^```$/ { inside = 0; next }
        inside && shown' "$readme"
}

free_port() {
    local port
    for port in $(shuf -i 15000-32000 -n 100); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}

await() {
    for _ in $(seq 600); do
        ! grep -q "$2" "$1" || return 0
        sleep 0.2
    done
    echo "waited in vain for '$2':" >&2
    cat "$1" >&2
    exit 1
}

command=$(block 1)
(cd ../../.. && $command -Dexec.skip)

# A copy, because the README's command writes the jar again while the server runs from it.
cp target/rest-host.jar "$work/database.jar"
database_port=$(free_port)
java -Dloader.main=org.h2.tools.Server -cp "$work/database.jar" org.springframework.boot.loader.launch.PropertiesLauncher \
    -tcp -tcpPort "$database_port" -ifNotExists -baseDir "$work" >"$work/database.log" 2>&1 &
database=$!
await "$work/database.log" "TCP server running"

port=$(free_port)
set -m
(cd ../../.. && SERVER_PORT=$port SPRING_DATASOURCE_URL="jdbc:h2:tcp://127.0.0.1:$database_port/tokens;WRITE_DELAY=0" exec $command) >"$work/host.log" 2>&1 &
host_group=$!
set +m
await "$work/host.log" "shown once: "
await "$work/host.log" "Started RestHost"

eval "$(block 2 | sed "s/8080/$port/")" <<<"$(sed -n 's/.*shown once: //p' "$work/host.log")"

checked=0
for n in 3 4 5 6 7 8; do
    if [ "$n" = 8 ]; then
        kill "$database"
        wait "$database" || true
        database=""
    fi
    expected=$(block "$n" 1)
    actual=$(eval "$(block "$n")")
    if [ "$actual" != "$expected" ]; then
        diff <(echo "$expected") <(echo "$actual") >&2 || true
        echo "the README's command $n answered otherwise" >&2
        exit 1
    fi
    echo "$actual"
    checked=$((checked + 1))
done
echo "$checked of 6 answers are as the README says"
[ "$checked" = 6 ]
