# Sourced by the benchmarks: a work folder that goes away, programs that end with the script, the platform of the working copy.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
started=()
finish() {
    for pid in "${started[@]}"; do kill -CONT "$pid" 2>/dev/null; kill "$pid" 2>/dev/null; done
    for _ in $(seq 50); do alive=; for pid in "${started[@]}"; do kill -0 "$pid" 2>/dev/null && alive=1; done; [[ -z $alive ]] && break; sleep 0.1; done
    for pid in "${started[@]}"; do kill -9 "$pid" 2>/dev/null; done
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# need PROGRAM…: ends with 2 and says what is missing and where it comes from.
need() {
    local program missing=()
    for program in "$@"; do command -v "$program" >/dev/null || missing+=("$program"); done
    [[ ${#missing[@]} -eq 0 ]] && return
    echo "missing: ${missing[*]}" >&2
    echo "on Debian: apt-get install mosquitto influxdb victoria-metrics gcc libc6-dev curl python3 nodejs npm util-linux; dotnet: the .NET SDK" >&2
    exit 2
}

# start CPU LOG COMMAND…: in the background on that processor; its id is then in $pid.
start() { local cpu=$1 log=$2; shift 2; taskset -c "$cpu" "$@" >"$work/$log" 2>&1 & pid=$!; started+=("$pid"); }

# stop PID: and wait until its ports are free again.
stop() { kill "$1" 2>/dev/null || return 0; for _ in $(seq 150); do kill -0 "$1" 2>/dev/null || return 0; sleep 0.1; done; kill -9 "$1" 2>/dev/null || true; }

# until_answers SECONDS LOG COMMAND…: what the log says when it does not.
until_answers() {
    local until=$((SECONDS + $1)) log=$2; shift 2
    until timeout 10 "$@" >/dev/null 2>&1; do
        ((SECONDS < until)) || { echo "not up: $*" >&2; tail -20 "$work/$log" >&2; exit 1; }
        sleep 0.2
    done
}

# Processor seconds of all these processes so far.
cpu_of() { local p total=0; for p in "$@"; do total=$((total + $(sed 's/.*) //' "/proc/$p/stat" | awk '{ print $12 + $13 }'))); done; awk -v t=$total -v hz="$(getconf CLK_TCK)" 'BEGIN { printf "%.2f", t / hz }'; }

# What is measured is what a server would run: published for this machine. SEAMLESS=path of a seamless.dll takes another.
product=${SEAMLESS:-$work/product/seamless.dll}
publish() { [[ -n ${SEAMLESS:-} ]] || dotnet publish src/Portal -c Release -r linux-x64 --no-self-contained -o "$work/product" -v quiet -tl:off >&2; }

build() {
    gcc -O2 -o "$work/mqload" bench/mqload.c -lm
    publish
}
seamless() { dotnet "$product" "$@"; }

# serve: the platform on processor 0 with the ten rules of bench/packs; sets $platform, $gateway (token), and warms it up.
http=http://127.0.0.1:25080 key=bench-key-of-sixteen
serve() {
    export SEAMLESS__ADMIN__APIKEY=$key
    start 0 seamless.log dotnet "$product" serve --data "$work/data" --packs bench/packs --http $http --mqtt 127.0.0.1:21884
    platform=$pid
    until_answers 180 seamless.log grep -q '^ready' "$work/seamless.log"
    gateway=$(timeout 150 dotnet "$product" device add gateway --type gateway --site bench --data "$work/data" | tail -1)
    echo "warming up" >&2
    local spec
    for spec in "1 100 5 5000" "1 1000 10 0" "1 100 20 0" "1 1000 10 0"; do
        read -r qos connections inflight rate <<<"$spec"
        load 21884 "$qos" "$connections" "${WARM_SECONDS:-8}" "$inflight" "$rate" json >/dev/null || true
    done
}

# load PORT QOS CONNECTIONS SECONDS IN_FLIGHT RATE json [PID]: the generator on processor 1.
load() { BUSY=${BUSY-1} MQ_USER=gateway MQ_PASS=${gateway:-} timeout $(($4 + 150)) taskset -c 1 "$work/mqload" "$@" 2>/dev/null; }
