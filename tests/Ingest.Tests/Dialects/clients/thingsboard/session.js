// A device or a gateway of ThingsBoard with MQTT.js: says what it does and what it hears, a line of JSON each.
'use strict';
const mqtt = require('mqtt');

const say = (step, value) => console.log(JSON.stringify({ step, value }));
const client = mqtt.connect(process.env.URL, { username: process.env.TOKEN, reconnectPeriod: 0 });

client.on('error', (error) => {
  say('refused', error.code ?? error.message);
  process.exit(0);
});

client.on('message', (topic, payload) => {
  const body = JSON.parse(payload.toString());
  say('heard', { topic, body });
  if (topic.startsWith('v1/devices/me/rpc/request/')) client.publish(topic.replace('request', 'response'), JSON.stringify({ pid: 7 }), { qos: 1 });
  if (topic === 'v1/gateway/rpc') client.publish(topic, JSON.stringify({ device: body.device, id: body.data.id, data: { success: true } }), { qos: 1 });
});

client.on('connect', async () => {
  try {
    say('connected');
    if (process.env.GATEWAY) await gateway();
    else await device();
    say('ready');
  } catch (error) {
    say('failed', String(error));
  }
});

async function device() {
  await client.publishAsync('v1/devices/me/telemetry', JSON.stringify([{ ts: 1764000000123, values: { temperature: 42 } }, { humidity: 51 }]), { qos: 1 });
  await client.publishAsync('v1/devices/me/attributes', JSON.stringify({ firmware: '1.3' }), { qos: 1 });
  await client.subscribeAsync(['v1/devices/me/attributes', 'v1/devices/me/attributes/response/+', 'v1/devices/me/rpc/response/+'], { qos: 1 });
  await client.publishAsync('v1/devices/me/attributes/request/1', JSON.stringify({ clientKeys: 'firmware', sharedKeys: 'interval' }), { qos: 1 });
  await client.publishAsync('v1/devices/me/rpc/request/2', JSON.stringify({ method: 'getCurrentTime', params: {} }), { qos: 1 });
  await client.subscribeAsync('v1/devices/me/rpc/request/+', { qos: 1 });
}

async function gateway() {
  await client.subscribeAsync('v1/gateway/rpc', { qos: 1 });
  await client.publishAsync('v1/gateway/connect', JSON.stringify({ device: 'Dev A' }), { qos: 1 });
  await client.publishAsync('v1/gateway/telemetry', JSON.stringify({ 'Dev A': [{ ts: 1764000000123, values: { temperature: 42 } }], 'dev-b': [{ humidity: 51 }] }), { qos: 1 });
  await client.publishAsync('v1/gateway/attributes', JSON.stringify({ 'Dev A': { firmware: '1.3' } }), { qos: 1 });
}
