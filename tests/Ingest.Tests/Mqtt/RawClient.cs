using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Seamless.Ingest.Tests.Mqtt;

/// <summary>MQTT 3.1.1 or 5 by the byte: for what no well-behaved client would do.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly bool _mqtt5;
    private static int _clients;

    private RawClient(TcpClient client, bool mqtt5) => (_client, _mqtt5) = (client, mqtt5);

    public Socket Socket => _client.Client;
    public NetworkStream Stream => _client.GetStream();

    public static async Task<RawClient> ConnectAsync(IPEndPoint endpoint, string user, string token, bool mqtt5 = false, ushort keepAlive = 0, string? clientId = null)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(endpoint, Door.Ct);
        var raw = new RawClient(client, mqtt5);
        await raw.SendAsync(Connect(clientId ?? $"raw-{Interlocked.Increment(ref _clients)}", user, token, mqtt5, keepAlive));
        var (header, body) = await raw.ReceiveAsync();
        Assert.Equal((0x20, 0), (header, body[1]));
        raw.ConnAck = body;
        return raw;
    }

    /// <summary>CONNACK's body.</summary>
    public byte[] ConnAck { get; private set; } = [];

    public ValueTask SendAsync(byte[] bytes) => Stream.WriteAsync(bytes, Door.Ct);

    public async Task<(byte Header, byte[] Body)> ReceiveAsync()
    {
        var one = new byte[1];
        await Stream.ReadExactlyAsync(one, Door.Ct);
        var header = one[0];
        var length = 0;
        for (var shift = 0; ; shift += 7)
        {
            await Stream.ReadExactlyAsync(one, Door.Ct);
            length |= (one[0] & 0x7F) << shift;
            if (one[0] < 0x80) break;
        }
        var body = new byte[length];
        await Stream.ReadExactlyAsync(body, Door.Ct);
        return (header, body);
    }

    /// <summary>The next packet, which must be a PUBACK; its identifier.</summary>
    public async Task<int> AcknowledgedAsync()
    {
        var (header, body) = await ReceiveAsync();
        Assert.Equal(0x40, header);
        return BinaryPrimitives.ReadUInt16BigEndian(body);
    }

    /// <summary>True when the other side has closed.</summary>
    public async Task<bool> IsClosedAsync()
    {
        var rest = new byte[256];
        try
        {
            while (await Stream.ReadAsync(rest, Door.Ct) is var read)
                if (read == 0) return true;
        }
        catch (IOException)
        {
            return true;
        }
        return false;
    }

    public byte[] Publish(string topic, string payload, ushort id = 0, ushort alias = 0, string? contentType = null, int qos = 1)
    {
        var body = new List<byte>();
        Text(body, topic);
        if (id != 0) Number(body, id);
        if (_mqtt5)
        {
            var properties = new List<byte>();
            if (alias != 0)
            {
                properties.Add(0x23);
                Number(properties, alias);
            }
            if (contentType is not null)
            {
                properties.Add(0x03);
                Text(properties, contentType);
            }
            body.Add((byte)properties.Count);
            body.AddRange(properties);
        }
        body.AddRange(Encoding.UTF8.GetBytes(payload));
        return Packet((byte)(0x30 | (id != 0 ? qos << 1 : 0)), body);
    }

    public static readonly byte[] Ping = [0xC0, 0];
    public static readonly byte[] Disconnect = [0xE0, 0];

    private static byte[] Connect(string clientId, string user, string token, bool mqtt5, ushort keepAlive)
    {
        var body = new List<byte>();
        Text(body, "MQTT");
        body.Add(mqtt5 ? (byte)5 : (byte)4);
        body.Add(0xC2);   // user name, password, clean session
        Number(body, keepAlive);
        if (mqtt5) body.Add(0);
        Text(body, clientId);
        Text(body, user);
        Text(body, token);
        return Packet(0x10, body);
    }

    public static byte[] Packet(byte header, List<byte> body)
    {
        var packet = new List<byte> { header };
        var length = body.Count;
        do
        {
            packet.Add((byte)((length & 0x7F) | (length > 0x7F ? 0x80 : 0)));
            length >>= 7;
        } while (length > 0);
        packet.AddRange(body);
        return [.. packet];
    }

    private static void Text(List<byte> bytes, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Number(bytes, (ushort)utf8.Length);
        bytes.AddRange(utf8);
    }

    private static void Number(List<byte> bytes, ushort number)
    {
        bytes.Add((byte)(number >> 8));
        bytes.Add((byte)number);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
