#!/usr/bin/env bash
# How long a sample takes while 10,000 messages/s arrive over 1,000 connections: PUBLISH → PUBACK, → in the API, → alarm; and PUBACK at half the saturated load.
#   bench/latency.sh [ROUNDS] [PROBES]      needs: gcc, curl, python3, the .NET SDK, two cores and nobody else on them
# Server on CPU 0; generator and probe on CPU 1, so the generator sleeps between its messages. The probe asks every 2 ms: its figures are that much too high.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rounds=${1:-5} probes=${2:-250} seconds=${SECONDS_EACH:-8}
need gcc curl python3 dotnet taskset
build
serve
token=$(timeout 150 dotnet "$product" device add probe-1 --type probe --site bench --data "$work/data" | tail -1)
field() { sed -n "s|.*[ ]$1=\([0-9.]*\).*|\1|p" <<<"$2"; }
for round in $(seq "$rounds"); do
    echo "round $round of $rounds" >&2
    echo "paced $(load 21884 1 1000 "$seconds" 10 10000 json "$platform")" | tee -a "$work/results" >&2
    full=$(load 21884 1 1000 "$seconds" 10 0 json "$platform")
    rate=$(awk "BEGIN { printf \"%d\", $(field msgs/s "$full" | sed 's/^$/0/') / 2 }" 2>/dev/null)
    echo "saturated $full" | tee -a "$work/results" >&2
    # The same shape of traffic at half its rate: a connection's ten messages come together, as they do when its window opens. Then each message alone, in a packet of its own.
    echo "half $(GROUP=10 load 21884 1 1000 "$seconds" 10 "$rate" json "$platform")" | tee -a "$work/results" >&2
    echo "halfalone $(load 21884 1 1000 "$seconds" 10 "$rate" json "$platform")" | tee -a "$work/results" >&2
    # The background goes on until the probe is done.
    BUSY=0 load 21884 1 1000 900 10 10000 json >/dev/null & background=$!
    sleep 2
    for what in visible alarm; do
        PROBE_TOKEN=$token timeout 850 taskset -c 1 python3 bench/latency.py "$what" "$probes" | tee -a "$work/results" >&2
    done
    pkill -P "$background" 2>/dev/null || true; kill "$background" 2>/dev/null || true; wait "$background" 2>/dev/null || true
    sleep 1
done
python3 bench/latency.py summary "$work/results"
