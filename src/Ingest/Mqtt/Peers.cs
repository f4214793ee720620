using System.Collections.Concurrent;
using MQTTnet.Formatter;
using Seamless.Fleet.Registry;
using Seamless.Telemetry;

namespace Seamless.Ingest.Mqtt;

/// <summary>Who is behind a client id, on one connection.</summary>
/// <param name="From">The remote address, for the audit.</param>
internal sealed record Peer(string ClientId, DevicePrincipal Principal, MqttProtocolVersion Version, string From)
{
    public bool SpeaksMqtt5 => Version is MqttProtocolVersion.V500;

    /// <summary>It has not said that it wants no reasons (Request Problem Information), nor that its packets are too small for them.</summary>
    public bool TakesWords { get; init; } = true;

    /// <summary>Its connection's; one that nobody watches never leaves.</summary>
    public Departure Departure { get; init; } = new();
}

/// <summary>How a connection ends: first it is as good as gone, then MQTTnet has done with it and with its session. Or the next connection under its id takes over: MQTTnet ends it then.</summary>
internal sealed class Departure
{
    private const int Here = 0;
    private const int Leaving = 1;
    private const int TakenOver = 2;

    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;

    /// <returns>False when the next connection takes over: the end must wait for it.</returns>
    public bool TryBegin() => Interlocked.CompareExchange(ref _state, Leaving, Here) != TakenOver;

    /// <returns>False when it is leaving: the next connection must wait until it is gone.</returns>
    public bool TryTakeOver() => Interlocked.CompareExchange(ref _state, TakenOver, Here) != Leaving;

    public void Complete()
    {
        TryBegin();
        _gone.TrySetResult();
    }

    /// <exception cref="TimeoutException">It is still not gone.</exception>
    public Task WhenGoneAsync(TimeSpan atMost, CancellationToken ct) => _gone.Task.WaitAsync(atMost, ct);
}

/// <summary>Every session's owner, and how many connections each device holds.</summary>
internal sealed class Peers
{
    private readonly ConcurrentDictionary<string, Peer> _byClientId = new(StringComparer.Ordinal);
    private readonly Dictionary<DeviceKey, int> _connections = [];
    private readonly Dictionary<DeviceKey, HashSet<DeviceKey>> _spokenFor = [];

    public Peer? Find(string clientId) => _byClientId.GetValueOrDefault(clientId);

    /// <summary>False when the session of that id is someone else's: whoever could take it over would read the commands that wait in it.</summary>
    public bool TryClaim(Peer peer) =>
        _byClientId.AddOrUpdate(peer.ClientId, peer, (_, owner) => owner.Principal.Key == peer.Principal.Key ? peer : owner).Principal.Key == peer.Principal.Key;

    /// <summary>Frees the id of a session that is deleted, unless another peer has claimed it since.</summary>
    public void Release(Peer peer) => _byClientId.TryRemove(KeyValuePair.Create(peer.ClientId, peer));

    public IReadOnlyList<Peer> Of(DeviceKey device) => [.. _byClientId.Values.Where(peer => peer.Principal.Key == device)];

    public void Connected(DeviceKey device)
    {
        lock (_connections) _connections[device] = _connections.GetValueOrDefault(device) + 1;
    }

    /// <summary>Notes that the gateway has said of <paramref name="device"/> that it is online: it can no longer tell when its own connection is gone.</summary>
    public void SpokeFor(DeviceKey gateway, DeviceKey device)
    {
        lock (_connections)
        {
            if (!_spokenFor.TryGetValue(gateway, out var devices)) _spokenFor[gateway] = devices = [];
            devices.Add(device);
        }
    }

    /// <returns>Who is unreachable now: nobody while the device has another connection; otherwise it, and those it spoke for.</returns>
    public IReadOnlyList<DeviceKey> Disconnected(DeviceKey device)
    {
        lock (_connections)
        {
            var left = _connections.GetValueOrDefault(device) - 1;
            if (left > 0)
            {
                _connections[device] = left;
                return [];
            }
            _connections.Remove(device);
            return _spokenFor.Remove(device, out var behind) ? [device, .. behind] : [device];
        }
    }
}
