"""Medians of what compare.sh measured, and their ratios."""
import collections
import re
import statistics
import sys

runs = collections.defaultdict(list)
for line in open(sys.argv[1]):
    who = line.split()[0]
    fields = {key: float(value) for key, value in re.findall(r"([\w/%]+?)=([\d.]+)", line.replace("lat_us p50", "p50"))}
    runs[(who, int(fields["qos"]), int(fields["conns"]), int(fields["inflight"]), int(fields["rate"]))].append(fields)


def median(key, name):
    return statistics.median(run.get(name, 0) for run in runs[key])


print(f"{'load':34} {'who':10} {'msgs/s':>10} {'CPU s/M':>8} {'core %':>7} {'p50 ms':>8} {'p99 ms':>8} {'RSS MB':>7} {'runs':>4}")
for who, *load in sorted(runs, key=lambda key: (-key[1], -key[2], key[4], key[0])):
    key = (who, *load)
    qos, connections, inflight, rate = load
    name = f"QoS {qos}, {connections} x {inflight}" + (f" at {rate}/s" if rate else "")
    print(f"{name:34} {who:10} {median(key, 'msgs/s'):10.0f} {median(key, 'srvCPU_s/M'):8.2f} {median(key, 'srvCPU%'):7.0f} "
          f"{median(key, 'p50') / 1000:8.2f} {median(key, 'p99') / 1000:8.2f} {median(key, 'RSS_MB'):7.0f} {len(runs[key]):4}")
    peer = ("mosquitto", *load)
    if who == "seamless" and peer in runs:
        print(f"{'':34} {'ratio':10} {median(key, 'msgs/s') / median(peer, 'msgs/s'):9.1f}x {median(peer, 'srvCPU_s/M') / median(key, 'srvCPU_s/M'):7.1f}x less CPU per message")
