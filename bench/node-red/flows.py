"""Writes the flow: mqtt in (QoS 1, read as JSON) → function → influxdb batch (precision ms)."""
import json
import pathlib
import sys

here = pathlib.Path(__file__).parent
mqtt_port, influx_port = sys.argv[1], sys.argv[2]
json.dump([
    {"id": "f", "type": "tab", "label": "telemetry"},
    {"id": "b", "type": "mqtt-broker", "broker": "127.0.0.1", "port": mqtt_port, "clientid": "node-red", "autoConnect": True, "usetls": False, "protocolVersion": "4", "keepalive": "60", "cleansession": True},
    {"id": "i", "type": "mqtt in", "z": "f", "topic": "v1/default/+/telemetry", "qos": "1", "datatype": "json", "broker": "b", "wires": [["c"]]},
    {"id": "c", "type": "function", "z": "f", "func": (here / "function.js").read_text(), "initialize": (here / "initialize.js").read_text(), "finalize": "", "outputs": 1, "libs": [], "wires": [["o"]]},
    {"id": "s", "type": "influxdb", "hostname": "127.0.0.1", "port": influx_port, "protocol": "http", "database": "bench", "influxdbVersion": "1.x"},
    {"id": "o", "type": "influxdb batch", "z": "f", "influxdb": "s", "precision": "ms", "retentionPolicy": "", "wires": []},
], sys.stdout)
