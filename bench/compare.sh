#!/usr/bin/env bash
# Measures Seamless beside Debian's mosquitto on this machine: the same load, taking turns, server on CPU 0 and generator on CPU 1.
#   bench/compare.sh [ROUNDS] [SECONDS]      needs: gcc, mosquitto, curl, python3, the .NET SDK, two cores and nobody else on them
# Ours decodes, makes durable before PUBACK, stores and judges by ten rules (bench/packs); mosquitto keeps nothing and has no subscriber.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
rounds=${1:-5} seconds=${2:-4}
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
for program in gcc mosquitto curl python3 dotnet taskset; do command -v $program >/dev/null || { echo "$program is needed" >&2; exit 2; }; done

gcc -O2 -o "$work/mqload" bench/mqload.c -lm
# What is measured is what a server would run: published for this machine. SEAMLESS=path of a seamless.dll takes another.
[[ -n ${SEAMLESS:-} ]] || dotnet publish src/Portal -c Release -r linux-x64 --no-self-contained -o "$work/product" -v quiet -tl:off
seamless="dotnet ${SEAMLESS:-$work/product/seamless.dll}"

cat > "$work/mosquitto.conf" <<CONF
listener 21883 127.0.0.1
allow_anonymous true
persistence false
max_inflight_messages 0
max_queued_messages 0
set_tcp_nodelay true
CONF
taskset -c 0 mosquitto -c "$work/mosquitto.conf" >"$work/mosquitto.log" 2>&1 &
theirs=$!
# A thousand devices send as fast as they can: that is what is measured, so nothing limits them.
export SEAMLESS__LIMITS__DEVICE__MESSAGESPERSECOND=none SEAMLESS__LIMITS__DEVICE__BYTESPERDAY=none SEAMLESS__LIMITS__DEVICE__METRICS=none
SEAMLESS__ADMIN__APIKEY=bench-key-of-sixteen taskset -c 0 $seamless serve --data "$work/data" --packs bench/packs --http http://127.0.0.1:25080 --mqtt 127.0.0.1:21884 >"$work/seamless.log" 2>&1 &
ours=$!
for _ in $(seq 150); do grep -q '^ready' "$work/seamless.log" && break; sleep 0.2; done
grep -q '^ready' "$work/seamless.log" || { cat "$work/seamless.log"; exit 1; }
export MQ_USER=gateway MQ_PASS
MQ_PASS=$($seamless device add gateway --type gateway --site bench --data "$work/data" | tail -1)

load() { BUSY=1 taskset -c 1 "$work/mqload" "$@" 2>/dev/null; }
# The one that is not measured sleeps meanwhile.
turn() { local who=$1 port=$2 pid=$3 other=$4; shift 4; kill -STOP "$other"; load "$port" "$1" "$2" "$seconds" "$3" "$4" json "$pid" | sed "s/^/$who /" >> "$work/results"; kill -CONT "$other"; sleep 0.5; }

echo "warming up" >&2
kill -STOP $theirs
for spec in "1 100 5 5000" "1 1000 10 0" "1 100 20 0" "0 100 10 0" "1 1000 10 0" "1 100 20 0"; do
    read -r qos connections inflight rate <<<"$spec"
    BUSY=1 taskset -c 1 "$work/mqload" 21884 "$qos" "$connections" 8 "$inflight" "$rate" json $ours >/dev/null 2>&1 || true
done
kill -CONT $theirs

for round in $(seq "$rounds"); do
    echo "round $round of $rounds" >&2
    for spec in "1 1000 10 0" "1 100 20 0" "1 1 100 0" "0 100 10 0" "0 100 100 0"; do
        turn mosquitto 21883 $theirs $ours $spec
        turn seamless 21884 $ours $theirs $spec
    done
    turn seamless 21884 $ours $theirs 1 1000 10 10000
done
python3 bench/medians.py "$work/results"
curl -s -H 'Authorization: Bearer bench-key-of-sixteen' http://127.0.0.1:25080/health/ready; echo
