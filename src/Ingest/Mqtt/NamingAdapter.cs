using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Adapter;
using MQTTnet.AspNetCore;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Server;

namespace Seamless.Ingest.Mqtt;

/// <summary>Gives a client id to an MQTT 3.1.1 client that sends none, as mosquitto_pub does: MQTTnet refuses it, the standard does not (§3.1.3-6).</summary>
internal sealed class NamingAdapter(MqttConnectionHandler connections, TimeProvider time) : IMqttServerAdapter
{
    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger)
    {
        connections.ClientHandler = channel => ClientHandler is { } handle ? handle(new NamingChannel(channel, time)) : Task.CompletedTask;
        return connections.StartAsync(options, logger);
    }

    public Task StopAsync()
    {
        connections.ClientHandler = null;
        return connections.StopAsync();
    }

    // The connection handler is the container's to dispose of.
    public void Dispose()
    {
    }

    private sealed class NamingChannel(IMqttChannelAdapter inner, TimeProvider time) : IMqttChannelAdapter
    {
        public async Task<MqttPacket> ReceivePacketAsync(CancellationToken cancellationToken)
        {
            var packet = await inner.ReceivePacketAsync(cancellationToken);
            // A session without a name can be found by nobody again, so the standard allows it with Clean Session only.
            if (packet is MqttConnectPacket { ClientId: null or "", CleanSession: true } connect && inner.PacketFormatterAdapter.ProtocolVersion is not MqttProtocolVersion.V500)
                connect.ClientId = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
            return packet;
        }

        public Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken) => inner.SendPacketAsync(packet, cancellationToken);
        public Task ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);
        public Task DisconnectAsync(CancellationToken cancellationToken) => inner.DisconnectAsync(cancellationToken);
        public void ResetStatistics() => inner.ResetStatistics();
        public void Dispose() => inner.Dispose();

        public long BytesReceived => inner.BytesReceived;
        public long BytesSent => inner.BytesSent;
        public X509Certificate2? ClientCertificate => inner.ClientCertificate;
        public EndPoint? RemoteEndPoint => inner.RemoteEndPoint;
        public EndPoint? LocalEndPoint => inner.LocalEndPoint;
        public bool IsSecureConnection => inner.IsSecureConnection;
        public MqttPacketFormatterAdapter PacketFormatterAdapter => inner.PacketFormatterAdapter;
    }
}
