// An edge node as sparkplug-client makes it. Talks to the test by lines: what it is told on stdin, what it saw on stdout.
const readline = require('readline');
const [url, username, password, groupId, edgeNode] = process.argv.slice(2);
const client = require('sparkplug-client').newClient({
  serverUrl: url, username, password, groupId, edgeNode, clientId: `${username}-session`, publishDeath: true, version: 'spBv1.0',
});
const say = (...words) => console.log(words.join(' '));
let level = 10;

function births() {
  client.publishNodeBirth({ timestamp: Date.now(), metrics: [
    { name: 'Node Control/Rebirth', type: 'Boolean', value: false },
    { name: 'Properties/Firmware', type: 'String', value: '1.2.3' },
    { name: 'Temperature', alias: 1, type: 'Double', value: 71.25 },
  ] });
  client.publishDeviceBirth('Pump 1', { timestamp: Date.now(), metrics: [
    { name: 'Level', alias: 10, type: 'Int16', value: level },
    { name: 'Mode', alias: 11, type: 'String', value: 'auto' },
  ] });
}

client.on('birth', () => { births(); say('born'); });
client.on('error', e => say('error', e.message));
client.on('ncmd', payload => {
  for (const metric of payload.metrics) {
    say('ncmd', metric.name, metric.value);
    if (metric.name === 'Node Control/Rebirth' && metric.value) births();
  }
});
client.on('dcmd', (device, payload) => {
  for (const metric of payload.metrics) {
    say('dcmd', device.replace(' ', '_'), metric.alias, metric.value);
    level = Number(metric.value);
    client.publishDeviceData(device, { timestamp: Date.now(), metrics: [{ alias: 10, type: 'Int16', value: level }] });
  }
});

const orders = {
  ndata: value => client.publishNodeData({ timestamp: Date.now(), metrics: [{ alias: 1, type: 'Double', value: Number(value) }] }),
  packed: value => client.publishNodeData({ timestamp: Date.now(), metrics: [{ alias: 1, type: 'Double', value: Number(value) }] }, { compress: true }),
  ddata: value => client.publishDeviceData('Pump 1', { timestamp: Date.now(), metrics: [{ alias: 10, type: 'Int16', value: Number(value) }] }),
  unknown: alias => client.publishNodeData({ timestamp: Date.now(), metrics: [{ alias: Number(alias), type: 'Double', value: 1 }] }),
  ddeath: () => client.publishDeviceDeath('Pump 1', { timestamp: Date.now(), metrics: [] }),
  stop: () => client.stop(),
};
readline.createInterface({ input: process.stdin }).on('line', line => {
  const [order, value] = line.split(' ');
  orders[order](value);
}).on('close', () => process.exit(0));
