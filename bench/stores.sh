#!/usr/bin/env bash
# The time-series store alone beside InfluxDB 1.x and VictoriaMetrics: the same rows byte by byte, taking turns, the store on CPU 0.
#   bench/stores.sh [ROUNDS]      needs: influxd, victoria-metrics, curl, python3, the .NET SDK, 3 GB of room in TMPDIR, two cores and nobody else on them
# Rows (seamless bench store --dump): decimals, digits (2.88 million each: 1,000 devices, a day at 30 s, 5 values) and months (90 days of one device).
# The peers get them as line protocol over HTTP, 5,000 lines a request, from CPU 1. Ours reads the same file within its process.
# DUMP=DIR: rows dumped before.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
source bench/influx.sh
rounds=${1:-5}
need influxd victoria-metrics curl python3 dotnet taskset
publish
rows=${DUMP:-$work/rows}
[[ -e $rows/months.lp ]] || { echo "writing the rows" >&2; timeout 600 dotnet "$product" bench store --dump "$rows" >/dev/null; }

victoria() {
    start 0 "$1.log" victoria-metrics -storageDataPath="$work/$1" -retentionPeriod=100y -httpListenAddr=127.0.0.1:"$2" -search.latencyOffset=0s -search.disableCache -loggerLevel=WARN
    until_answers 60 "$1.log" curl -sf "http://127.0.0.1:$2/health"
}

# peer WHO PORT: both sets into a new database each, then the questions.
peer() {
    local who=$1 port=$2 set
    for set in decimals digits; do
        $who "$who-$set" "$port"
        timeout 900 taskset -c 1 python3 bench/stores.py load "$who" "$port" "$rows/$set.lp" "$pid" "$work/$who-$set" | tee -a "$work/results" >&2
        if [[ $set = decimals ]]; then timeout 900 taskset -c 1 python3 bench/stores.py ask "$who" "$port" "$rows/months.lp" | tee -a "$work/results" >&2; fi
        stop "$pid"
        rm -rf "${work:?}/$who-$set"
    done
}

for round in $(seq "$rounds"); do
    echo "round $round of $rounds" >&2
    TMPDIR=$work timeout 900 taskset -c 0 dotnet "$product" bench store --from "$rows" --seconds 8 | tail -1 | sed 's/^/seamless /' | tee -a "$work/results" >&2
    peer influx 28086
    peer victoria 28428
done
python3 bench/stores.py summary "$work/results"
