# Sourced: InfluxDB 1.x of Debian with all it writes below one folder, on processor 0.
# influx FOLDER PORT: sets $pid. Shards that are quiet are compacted after seconds, not hours, so that their size can be measured.
influx() {
    mkdir -p "$work/$1"
    cat > "$work/$1/influxdb.conf" <<CONF
reporting-disabled = true
bind-address = "127.0.0.1:$(($2 + 1))"
[meta]
  dir = "$work/$1/meta"
[data]
  dir = "$work/$1/data"
  wal-dir = "$work/$1/wal"
  query-log-enabled = false
  cache-snapshot-write-cold-duration = "2s"
  compact-full-write-cold-duration = "4s"
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:$2"
  log-enabled = false
CONF
    start 0 "$1.log" influxd -config "$work/$1/influxdb.conf"
    until_answers 60 "$1.log" curl -sf "http://127.0.0.1:$2/ping"
    curl -sf -XPOST "http://127.0.0.1:$2/query" --data-urlencode "q=CREATE DATABASE bench" >/dev/null
}
