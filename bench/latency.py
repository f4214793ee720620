"""The probe of latency.sh: one device, one sample at a time.
latency.py visible PROBES: from PUBLISH until GET /latest shows the value.
latency.py alarm PROBES: from PUBLISH until GET /alarms shows that the rule without delays has raised, or cleared.
latency.py summary FILE: medians over the rounds. PROBE_TOKEN is the device's token."""
import collections
import http.client
import json
import os
import re
import socket
import statistics
import sys
import time

DEVICE, ASK_EVERY = "probe-1", 0.002
PATIENCE = 30


class Mqtt:
    """MQTT 3.1.1, QoS 1, one message in flight."""

    def __init__(self):
        self.wire = socket.create_connection(("127.0.0.1", 21884), timeout=PATIENCE)
        self.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.id = 0
        self.send(0x10, self.text("MQTT") + b"\x04\xc2\x00\x00" + self.text("probe") + self.text(DEVICE) + self.text(os.environ["PROBE_TOKEN"]))
        if self.receive() != (0x20, b"\x00\x00"):
            sys.exit("the probe was not let in")

    def publish(self, payload):
        """Does not wait for the acknowledgement; acknowledged() does."""
        self.id = self.id % 65535 + 1
        self.send(0x32, self.text(f"v1/default/{DEVICE}/telemetry") + self.id.to_bytes(2, "big") + payload)

    def acknowledged(self):
        header, body = self.receive()
        if header != 0x40 or int.from_bytes(body[:2], "big") != self.id:
            sys.exit(f"no PUBACK: {header:x} {body.hex()}")

    def send(self, header, body):
        length, rest = b"", len(body)
        while True:
            rest, digit = rest >> 7, rest & 127
            length += bytes([digit | (128 if rest else 0)])
            if not rest:
                break
        self.wire.sendall(bytes([header]) + length + body)

    def receive(self):
        header, length = self.exactly(2)
        return header, self.exactly(length)

    def exactly(self, count):
        data = b""
        while len(data) < count:
            more = self.wire.recv(count - len(data))
            if not more:
                sys.exit("the connection has ended")
            data += more
        return data

    @staticmethod
    def text(value):
        return len(value.encode()).to_bytes(2, "big") + value.encode()


def get(api, path):
    api.request("GET", path, headers={"Authorization": "Bearer bench-key-of-sixteen"})
    answer = api.getresponse()
    body = answer.read()
    if answer.status != 200:
        sys.exit(f"{path}: {answer.status} {body[:300]}")
    return json.loads(body)["items"]


def visible(api, number):
    return any(item["metric"] == "number" and item["value"] == number for item in get(api, f"/api/v1/devices/{DEVICE}/latest"))


def raised(api, number):
    """Odd numbers raise, even ones clear."""
    alarms = get(api, f"/api/v1/alarms?device={DEVICE}&limit=5")
    active = any(alarm["state"] in ("unacknowledged", "acknowledged") for alarm in alarms)
    return active == (number % 2 == 1)


def probe(what, probes):
    seen = {"visible": visible, "alarm": raised}[what]
    mqtt, api, times = Mqtt(), http.client.HTTPConnection("127.0.0.1", 25080, timeout=PATIENCE), []
    first = int(time.time()) % 1_000_000 * 1000   # of no earlier probe
    for number in range(first, first + probes + 10):
        sent = time.perf_counter()
        level = 95 if number % 2 and what == "alarm" else 20
        mqtt.publish(json.dumps({"ts": int(time.time() * 1000), "values": {"level": level, "number": number}}).encode())
        while not seen(api, number):
            if time.perf_counter() - sent > PATIENCE:
                sys.exit(f"{what}: sample {number} was not seen within {PATIENCE} s")
            time.sleep(ASK_EVERY)
        if number >= first + 10:   # the first ones warm it up
            times.append((time.perf_counter() - sent) * 1000)
        mqtt.acknowledged()
    times.sort()
    print(f"{what} probes={len(times)} p50={percentile(times, .5):.2f} p99={percentile(times, .99):.2f} max={times[-1]:.2f}")


def percentile(times, share):
    return times[max(0, -(-int(share * 100) * len(times) // 100) - 1)]


def summary(path):
    runs = collections.defaultdict(list)
    for line in open(path):
        what, rest = line.split(" ", 1)
        figures = {name: float(value) for name, value in re.findall(r"(\S+?)=([\d.]+)", rest)}
        scale = 1 if what in ("visible", "alarm") else 1000   # the generator counts microseconds
        if "p50" in figures:
            runs[what].append((figures["p50"] / scale, figures["p99"] / scale, figures.get("msgs/s", figures.get("probes", 0))))
    words = {
        "paced": "PUBACK at 10,000/s", "half": "PUBACK at half the saturated load", "halfalone": "the same, each message in a packet of its own", "saturated": "PUBACK, saturated",
        "visible": "visible in the API at 10,000/s", "alarm": "alarm in the API at 10,000/s",
    }
    print(f"{'publish to …':36} {'p50 ms':>8} {'p99 ms':>8} {'msgs/s or probes':>18} {'rounds':>7}")
    for what, word in words.items():
        if runs[what]:
            p50, p99, much = (statistics.median(run[i] for run in runs[what]) for i in range(3))
            print(f"{word:36} {p50:8.2f} {p99:8.2f} {much:18.0f} {len(runs[what]):7}")


if sys.argv[1] == "summary":
    summary(sys.argv[2])
else:
    probe(sys.argv[1], int(sys.argv[2]))
