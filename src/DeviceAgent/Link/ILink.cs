using Seamless.Telemetry;

namespace Seamless.DeviceAgent.Link;

/// <summary>The way to the platform, shared by one device or, at a gateway, by several.</summary>
public interface ILink
{
    bool IsConnected { get; }

    Task WaitUntilConnectedAsync(CancellationToken ct);

    /// <summary>Publishes with QoS 1.</summary>
    /// <returns>True once the platform has acknowledged it; false when it did not, for whatever reason: send it again later.</returns>
    Task<bool> PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken ct);

    /// <summary>From now on <paramref name="user"/> hears of connections and of its device's commands.</summary>
    void Attach(ILinkUser user);
}

/// <summary>A device on a link.</summary>
public interface ILinkUser
{
    DeviceKey Device { get; }

    /// <summary>A session has begun; the subscriptions stand.</summary>
    Task ConnectedAsync(CancellationToken ct);

    /// <summary>A command came. It is acknowledged to the platform when the task ends, so what must survive a crash is on disk by then.</summary>
    Task CommandAsync(string id, ReadOnlyMemory<byte> payload, CancellationToken ct);
}
