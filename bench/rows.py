"""Counts the rows that can be queried, for pipeline.sh.
rows.py seamless|node-red BEGAN_MS ACKNOWLEDGED: waits until all that was acknowledged is there, prints how many rows and when (Unix ms).
rows.py --summary FILE: medians and ratios."""
import http.client
import json
import statistics
import sys
import time
import urllib.parse

PATIENCE = 20   # seconds without a new row: what is not there by then will not come


def ours(began):
    api = http.client.HTTPConnection("127.0.0.1", 25080, timeout=60)

    def count(device):
        span = urllib.parse.urlencode({"metric": "rpm", "bucket": "1d", "aggregate": "count", "from": iso(began), "to": iso(began + 86_400_000)})
        api.request("GET", f"/api/v1/devices/{device}/telemetry?{span}", headers={"Authorization": "Bearer bench-key-of-sixteen"})
        answer = api.getresponse()
        body = answer.read()
        if answer.status == 404:
            return 0
        if answer.status != 200:
            sys.exit(f"{answer.status}: {body[:200]}")
        return int(sum(value for series in json.loads(body)["series"] for _, value in series["points"]))

    # Few devices tell when it is worth while to ask all of them.
    few, before = [f"dev{i:05}" for i in range(0, 1000, 100)], -1
    while (now := sum(map(count, few))) != before:
        before = now
        time.sleep(0.1)
    return lambda: sum(count(f"dev{i:05}") for i in range(1000))


def theirs(began):
    database = http.client.HTTPConnection("127.0.0.1", 28086, timeout=60)

    def count():
        database.request("GET", "/query?" + urllib.parse.urlencode({"db": "bench", "epoch": "ms", "q": f"SELECT count(rpm) FROM generic WHERE time >= {began}ms"}))
        results = json.loads(database.getresponse().read())["results"][0]
        return results["series"][0]["values"][0][1] if "series" in results else 0
    return count


def iso(ms):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ms // 1000)) + f".{ms % 1000:03}Z"


def wait(count, expected):
    rows, grew = -1, time.time()
    while True:
        now = count()
        at = time.time()
        if now > rows:
            rows, grew = now, at
        if rows >= expected or at - grew > PATIENCE:
            if rows < expected:
                print(f"{expected - rows} of {expected} are missing", file=sys.stderr)
            return rows, int(grew * 1000)
        time.sleep(0.5)


def summary(path):
    best, lost = {"seamless": [], "node-red": []}, {"seamless": 0, "node-red": 0}
    rounds = {"seamless": [], "node-red": []}
    for line in open(path):
        who, *fields = line.split()
        if who == "end":
            for name, runs in rounds.items():
                if runs:
                    best[name].append((max(rate for rate, _ in runs), min(cpu for _, cpu in runs)))
                runs.clear()
            continue
        _, acked, rows, ms, cpu = map(float, fields)
        lost[who] += max(0, acked - rows)
        rounds[who].append((rows / ms * 1000, cpu / rows * 1e6))
    median = {who: [statistics.median(run[i] for run in runs) for i in (0, 1)] for who, runs in best.items() if runs}
    print(f"{'publish to queryable':24} {'rows/s':>10} {'CPU s/M':>9} {'missing':>8} {'rounds':>7}")
    for who, (rate, cpu) in median.items():
        print(f"{who:24} {rate:10.0f} {cpu:9.2f} {lost[who]:8.0f} {len(best[who]):7}")
    if len(median) == 2:
        print(f"{'ratio':24} {median['seamless'][0] / median['node-red'][0]:9.1f}x {median['node-red'][1] / median['seamless'][1]:8.1f}x less CPU per row")


if sys.argv[1] == "--summary":
    summary(sys.argv[2])
else:
    began, expected = int(sys.argv[2]), int(sys.argv[3])
    print(*wait((ours if sys.argv[1] == "seamless" else theirs)(began), expected))
