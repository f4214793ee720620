#!/usr/bin/env bash
# Publish → queryable: Seamless beside mosquitto → Node-RED (batches of 500) → InfluxDB 1.x. The same messages from the same generator, taking turns.
#   bench/pipeline.sh [ROUNDS] [SECONDS]      needs: gcc, mosquitto, influxd, node, npm (fetches Node-RED once), curl, python3, the .NET SDK, two cores and nobody else on them
# A run ends when every acknowledged message can be queried: rows/s = rows / that time. CPU: of all processes of the chain, per million rows, waiting included.
# Every chain is on CPU 0, the generator on CPU 1. Of the peer's runs of a round (as fast as mosquitto takes it, and at PEER_RATES) the best counts.
# NODE_RED=DIR: an installation to use instead of fetching one.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
source bench/influx.sh
rounds=${1:-5} seconds=${2:-20}
need gcc mosquitto influxd node npm curl python3 dotnet taskset
build

red=${NODE_RED:-${XDG_CACHE_HOME:-$HOME/.cache}/seamless-bench/node-red}
if [[ ! -e $red/node_modules/node-red/red.js ]]; then
    echo "fetching Node-RED into $red" >&2
    mkdir -p "$red" && cp bench/node-red/package.json "$red/"
    timeout 600 npm install --prefix "$red" --no-audit --no-fund --loglevel error >&2 || { echo "npm could not fetch Node-RED; name an installation with NODE_RED=DIR" >&2; exit 2; }
fi

# The peer: everything new for each run.
peer_up() {
    cat > "$work/mosquitto.conf" <<CONF
listener 21883 127.0.0.1
allow_anonymous true
persistence false
max_inflight_messages 0
max_queued_messages 0
set_tcp_nodelay true
CONF
    start 0 mosquitto.log mosquitto -c "$work/mosquitto.conf"; mosquitto=$pid
    influx influx 28086; influxd=$pid
    mkdir -p "$work/red" && cp bench/node-red/settings.js "$work/red/" && ln -sfn "$red/node_modules" "$work/red/node_modules"
    python3 bench/node-red/flows.py 21883 28086 > "$work/red/flows.json"
    start 0 red.log node "$red/node_modules/node-red/red.js" --userDir "$work/red" --settings "$work/red/settings.js"; node_red=$pid
    # A message that arrives in the database shows that the chain is closed.
    until_answers 90 red.log bash -c "MQ_USER=x MQ_PASS=x timeout 10 taskset -c 1 $work/mqload 21883 1 1 0.2 1 20 json && sleep 1 && curl -sf 'http://127.0.0.1:28086/query?db=bench' --data-urlencode 'q=SELECT count(rpm) FROM generic' | grep -q values"
    peers=("$mosquitto" "$node_red" "$influxd")
}
peer_down() { for pid in "${peers[@]}"; do stop "$pid"; done; rm -rf "$work/influx" "$work/red"; }

# run WHO PORT RATE PIDS…: one line of results.
run() {
    local who=$1 port=$2 rate=$3 began before acked; shift 3
    sleep 2   # what runs before may have sent is older than the beginning
    began=$(date +%s%3N) before=$(cpu_of "$@")
    acked=$(APART=1 DRAIN=1 load "$port" 1 1000 10 "$seconds" "$rate" json | sed -n 's/.*acked=\([0-9]*\).*/\1/p')
    local counted; counted=$(timeout 900 taskset -c 1 python3 bench/rows.py "$who" "$began" "$acked") || { echo "$who: rows could not be counted" >&2; return 1; }
    read -r rows done_ms <<<"$counted"
    echo "$who $rate $acked $rows $((done_ms - began)) $(awk "BEGIN { print $(cpu_of "$@") - $before }")" | tee -a "$work/results" >&2
}

serve
timeout 120 taskset -c 1 python3 bench/rows.py seamless "$(date +%s%3N)" 0 >/dev/null   # the questions are warm, too
for round in $(seq "$rounds"); do
    echo "round $round of $rounds: who, rate, acknowledged, queryable, ms, CPU s" >&2
    run seamless 21884 0 "$platform"
    kill -STOP "$platform"
    for rate in ${PEER_RATES-0 12000}; do
        peer_up
        run node-red 21883 "$rate" "${peers[@]}"
        peer_down
    done
    kill -CONT "$platform"
    echo "end $round" >> "$work/results"
done
python3 bench/rows.py --summary "$work/results"
