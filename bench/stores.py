"""Feeds and asks the peers of stores.sh.
stores.py load WHO PORT FILE PID FOLDER: posts the file, 5,000 lines a request, two requests at a time; then waits until merging is over.
stores.py ask WHO PORT MONTHS: posts the file of ninety days and times the questions.
stores.py summary FILE: medians and ratios. Each prints one line: WHO and JSON."""
import collections
import http.client
import json
import mmap
import os
import pathlib
import socket
import statistics
import sys
import threading
import time
import urllib.parse

LINES = 5000
START = 1_767_225_600   # 2026-01-01, as the rows begin
DAY = 86_400
FIELDS = ["temperature", "vibration", "current", "pressure", "speed"]
WRITE = {"influx": "/write?db=bench&precision=ms", "victoria": "/write?precision=ms"}


def batches(text):
    """Where each batch begins and ends, found before the time is taken."""
    spans, begin, at, lines = [], 0, 0, 0
    while (at := text.find(b"\n", at) + 1) > 0:
        lines += 1
        if lines % LINES == 0:
            spans.append((begin, at))
            begin = at
    if begin < len(text):
        spans.append((begin, len(text)))
    return lines, spans


def post(who, port, text, spans):
    """A raw connection: a head, a slice of the file, and the head of the answer."""
    with socket.create_connection(("127.0.0.1", port)) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            try:
                begin, end = spans.popleft()
            except IndexError:
                return
            wire.sendall(f"POST {WRITE[who]} HTTP/1.1\r\nHost: bench\r\nContent-Length: {end - begin}\r\n\r\n".encode())
            wire.sendall(text[begin:end])
            answer = b""
            while b"\r\n\r\n" not in answer:
                more = wire.recv(4096)
                if not more:
                    raise ConnectionError(f"{who} has hung up: {answer[:200]}")
                answer += more
            if not answer.startswith(b"HTTP/1.1 204"):
                raise ConnectionError(f"{who}: {answer[:300]}")


def feed(who, port, path):
    """Rows and seconds until all of them were taken."""
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        text = memoryview(mapped)
        lines, spans = batches(mapped)
        left, failures = collections.deque(spans), []

        def one():
            try:
                post(who, port, text, left)
            except Exception as failure:   # told by the one who waits
                failures.append(failure)
                left.clear()
        began = time.time()
        threads = [threading.Thread(target=one) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.time() - began
        text.release()
        if failures:
            raise failures[0]
        return lines, took


def processor(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def size(folder):
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(path, name)).st_blocks * 512   # as du: files with holes are not as long as they look
            except FileNotFoundError:
                pass   # merged away meanwhile
    return total


def settle(who, port, pid, folder):
    """Until neither size nor processor time moves: nothing more is merged."""
    if who == "victoria":
        get(who, port, "/internal/force_flush")
        get(who, port, "/internal/force_merge")
    quiet, before, until = 0, None, time.time() + 180
    while quiet < 8 and time.time() < until:
        time.sleep(1)
        now = (size(folder), round(processor(pid), 1))
        still = before is not None and now[0] == before[0] and now[1] - before[1] < 0.15
        quiet, before = (quiet + 1 if still else 0), now
    if who == "influx":   # what is in the write-ahead log has not been written to a shard
        while size(f"{folder}/wal") > 1_000_000 and time.time() < until:
            time.sleep(1)


def get(who, port, path, connection=None):
    wire = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    wire.request("GET", path)
    answer = wire.getresponse()
    body = answer.read()
    if answer.status != 200:
        sys.exit(f"{who}: {path}: {answer.status} {body[:300]}")
    return body


def count(who, port, name):
    if who == "influx":
        return json.loads(get(who, port, "/query?" + urllib.parse.urlencode({"db": "bench", "q": f"SELECT count(temperature) FROM {name}"})))["results"][0]["series"][0]["values"][0][1]
    query = urllib.parse.urlencode({"query": f"sum(count_over_time({name}_temperature[100d]))", "time": START + 95 * DAY})
    return int(json.loads(get(who, port, f"/api/v1/query?{query}"))["data"]["result"][0]["value"][1])


def load(who, port, path, pid, folder):
    name = pathlib.Path(path).stem
    before = processor(pid)
    rows, seconds = feed(who, port, path)
    used = processor(pid) - before
    settle(who, port, pid, folder)
    merged = processor(pid) - before
    stored = count(who, port, name)
    if stored != rows:
        sys.exit(f"{who}: {stored} of {rows} rows of {name} can be queried")
    return {"set": name, "rows": rows, "rowsPerSecond": rows / seconds, "cpu": used / rows * 1e6, "cpuMerged": merged / rows * 1e6, "bytesPerRow": size(folder) / rows}


def questions(who):
    if who == "influx":
        def ask(**query):
            return "/query?" + urllib.parse.urlencode({"db": "bench", "epoch": "ms", **query})
        means, lasts = (",".join(f"{what}({field})" for field in FIELDS) for what in ("mean", "last"))
        span = f"time >= {START}s AND time < {START + DAY}s"
        return {
            "day": lambda i: ask(q=f"SELECT {means} FROM decimals WHERE device='pump-{i % 1000}' AND {span} GROUP BY time(1m)"),
            "latest": lambda i: ask(q=f"SELECT {lasts} FROM decimals GROUP BY device"),
            "months": lambda i: ask(q=f"SELECT mean(temperature) FROM months WHERE device='pump-0' AND time >= {START}s AND time < {START + 90 * DAY}s GROUP BY time({90 * DAY // 1000}s)"),
        }

    def over(path, query, **more):
        return f"/api/v1/{path}?" + urllib.parse.urlencode({"query": query, "nocache": 1, **more})
    return {
        # A point is the mean of the minute before it: the day's minutes end at START + 60 … START + DAY.
        "day": lambda i: over("query_range", f'avg_over_time({{__name__=~"decimals_.*",device="pump-{i % 1000}"}}[1m]) keep_metric_names', start=START + 60, end=START + DAY, step="1m"),
        "latest": lambda i: over("query", 'last_over_time({__name__=~"decimals_.*"}[5m]) keep_metric_names', time=START + DAY),
        "months": lambda i: over("query_range", f'avg_over_time(months_temperature{{device="pump-0"}}[{90 * DAY // 1000}s])', start=START + 90 * DAY // 1000, end=START + 90 * DAY, step=f"{90 * DAY // 1000}s"),
    }


def values(who, question, body):
    """How many values came: a question that is answered with less is another question."""
    answer = json.loads(body)
    if who == "influx":
        return sum(len(row) - 1 for series in answer["results"][0].get("series", []) for row in series["values"])
    return sum(len(series.get("values", [1])) for series in answer["data"]["result"])


EXPECTED = {"day": 1440 * 5, "latest": 1000 * 5, "months": 1000}


def ask(who, port, months):
    feed(who, port, months)
    if who == "victoria":
        get(who, port, "/internal/force_flush")
    time.sleep(8)
    result = {}
    for question, path in questions(who).items():
        wire = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        got = values(who, question, get(who, port, path(0), wire))
        if abs(got - EXPECTED[question]) > EXPECTED[question] // 100:
            sys.exit(f"{who}, {question}: {got} values, {EXPECTED[question]} expected")
        times, until = [], time.time() + 8
        for i in range(220):
            began = time.perf_counter()
            get(who, port, path(i * 37), wire)
            times.append((time.perf_counter() - began) * 1000)
            if i > 20 and time.time() > until:
                break
        result[question] = statistics.median(times[min(20, len(times) // 2):])   # the first ones warm it up
    return {"set": "questions", **result}


def summary(path):
    runs = collections.defaultdict(list)
    for line in open(path):
        who, figures = line.split(" ", 1)
        figures = json.loads(figures)
        if who != "seamless":
            for key, value in figures.items():
                if key not in ("set", "rows"):
                    runs[who, figures["set"], key].append(value)
            continue
        for (group, key), name in OURS.items():
            runs[who, group, key].append(figures[name])
    peers = [who for who in ("influx", "victoria") if (who, "decimals", "rowsPerSecond") in runs]
    print(f"{'':34} {'seamless':>10}" + "".join(f" {who:>10} {'ratio':>8}" for who in peers))
    for (group, key), name in OURS.items():
        ours = statistics.median(runs["seamless", group, key])
        line = f"{group + ', ' + WORDS[key]:34} {ours:10.2f}"
        for who in peers if group != "while fed" else []:
            theirs = statistics.median(runs[who, group, key]) if runs[who, group, key] else float("nan")
            line += f" {theirs:10.2f} {ours / theirs:8.3f}"
        print(line)
    print(f"rounds: {len(runs['seamless', 'decimals', 'rowsPerSecond'])}; ratio: ours / theirs; ours is asked in its process, the others over HTTP")


OURS = {
    ("decimals", "rowsPerSecond"): "rowsPerSecond", ("decimals", "cpu"): "processorSecondsPerMillion", ("decimals", "cpuMerged"): "processorSecondsPerMillionMerged", ("decimals", "bytesPerRow"): "bytesPerRow",
    ("digits", "rowsPerSecond"): "rowsPerSecondAllDigits", ("digits", "cpu"): "processorSecondsPerMillionAllDigits", ("digits", "bytesPerRow"): "bytesPerRowAllDigits",
    ("questions", "day"): "dayP50Ms", ("questions", "latest"): "latestOfAllP50Ms", ("questions", "months"): "ninetyDaysP50Ms",
    ("while fed", "day"): "dayWhileFedP50Ms", ("while fed", "latest"): "latestOfAllWhileFedP50Ms", ("while fed", "months"): "ninetyDaysWhileFedP50Ms",
}
WORDS = {
    "rowsPerSecond": "rows/s", "cpu": "CPU s/M", "cpuMerged": "CPU s/M, merged", "bytesPerRow": "bytes a row", "day": "a day by minutes, ms", "latest": "last of all, ms", "months": "90 days in 1,000, ms",
}

if sys.argv[1] == "summary":
    summary(sys.argv[2])
else:
    command, who, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
    figures = load(who, port, sys.argv[4], int(sys.argv[5]), sys.argv[6]) if command == "load" else ask(who, port, sys.argv[4])
    print(who, json.dumps({key: round(value, 3) if isinstance(value, float) else value for key, value in figures.items()}))
