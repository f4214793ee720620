// The ten thresholds of bench/packs, and batches of 500 points. What is left over goes 200 ms later (see initialize.js).
const p = msg.payload, device = msg.topic.split("/")[2];
let hits = 0;
if (p.temp > 1000) hits++;
if (p.temp < -1000) hits++;
if (p.vib > 1000) hits++;
if (p.vib > 2000) hits++;
if (p.current > 1000) hits++;
if (p.current < -1000) hits++;
if (p.pressure < -1000) hits++;
if (p.pressure > 1000) hits++;
if (p.rpm > 1000000) hits++;
if (p.mode !== "auto") hits++;
if (hits > 0) node.warn(device + ": " + hits);
const batch = context.get("batch");
batch.push({ measurement: "generic", tags: { device }, fields: { temp: p.temp, vib: p.vib, current: p.current, pressure: p.pressure, rpm: p.rpm, mode: p.mode }, timestamp: p.ts });
if (batch.length < 500) return null;
context.set("batch", []);
return { payload: batch };
