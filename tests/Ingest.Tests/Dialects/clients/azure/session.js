// A device with the Azure IoT SDK: says what it does and what it hears, a line of JSON each.
'use strict';
const { Client, Message } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');

const say = (step, value) => console.log(JSON.stringify({ step, value }));

async function main() {
  const client = process.env.SAS ? Client.fromSharedAccessSignature(process.env.SAS, Mqtt) : Client.fromConnectionString(process.env.CONNECTION_STRING, Mqtt);
  client.setRetryPolicy({ shouldRetry: () => false, nextRetryTimeout: () => 0 });
  client.on('error', () => {});
  try {
    await client.open();
  } catch (error) {
    say('refused', error.name);
    return process.exit(0);
  }
  say('connected');

  const message = new Message(JSON.stringify({ temperature: 71.5, running: true }));
  message.contentType = 'application/json';
  message.contentEncoding = 'utf-8';
  message.properties.add('temperatureAlert', 'true');
  await client.sendEvent(message);
  say('sent');

  client.onDeviceMethod('restart-service', (request, response) => {
    say('method', request.payload);
    response.send(200, { pid: 7 }, () => say('answered'));
  });

  const twin = await client.getTwin();
  say('twin', twin.properties.desired);
  await new Promise((resolve, reject) => twin.properties.reported.update({ firmware: '1.3', old: null }, (error) => (error ? reject(error) : resolve())));
  say('reported');
  twin.on('properties.desired', (delta) => say('desired', delta));
  await new Promise((resolve) => setTimeout(resolve, 300)); // the subscription above has no callback
  say('listening');
}

main().catch((error) => say('failed', String(error)));
