using Seamless.Telemetry;

namespace Seamless.Ingest.Hubs;

/// <summary>A device in the hub's registry.</summary>
/// <param name="Status"><c>enabled</c> or <c>disabled</c>.</param>
/// <param name="PrimaryKey">Base64, for its own connection; null where it shows a certificate.</param>
public sealed record HubDevice(string Id, string ETag, string Status, string ConnectionState, string? PrimaryKey);

/// <summary>The hub's copy of what a device is and shall be.</summary>
public sealed record HubTwin(string DeviceId, string ETag, string TagsJson, string DesiredJson, string ReportedJson);

/// <param name="Status">The device's own, 200 by custom when all is well.</param>
public sealed record MethodAnswer(int Status, string PayloadJson);

/// <summary>One message that a device sent to the hub.</summary>
/// <param name="DeviceId">As the hub has stamped it; null on an event hub that no IoT hub feeds.</param>
/// <param name="Source">What the hub says it is, <c>Telemetry</c> for a device's own words.</param>
/// <param name="Offset">Where to read on from; opaque.</param>
public sealed record HubMessage(string? DeviceId, string? Source, ReadOnlyMemory<byte> Body, string? ContentType, string Offset, long Sequence, DateTimeOffset EnqueuedAt);

/// <summary>The service side of a hub that devices connect to. Ours speaks the documented wire; a vendor's library can stand here instead.</summary>
/// <remarks>Refusals: <c>not-found</c>, <c>conflict</c> (exists already, or changed since it was read), <c>invalid</c>, <c>forbidden</c>. A hub that is away throws <see cref="HubException"/>.</remarks>
public interface IDeviceHub
{
    Task<Outcome<HubDevice>> CreateDeviceAsync(string id, CancellationToken ct);
    Task<Outcome<HubDevice>> GetDeviceAsync(string id, CancellationToken ct);
    Task<IReadOnlyList<HubDevice>> ListDevicesAsync(int top, CancellationToken ct);

    /// <param name="etag">The version read; null for whatever it is.</param>
    Task<Outcome<string>> DeleteDeviceAsync(string id, string? etag, CancellationToken ct);

    Task<Outcome<HubTwin>> GetTwinAsync(string id, CancellationToken ct);

    /// <summary>Merges: a member that is null is removed.</summary>
    Task<Outcome<HubTwin>> PatchTwinAsync(string id, string patchJson, string? etag, CancellationToken ct);

    /// <summary>Calls the device. Refused with <c>not-found</c> while it is not connected.</summary>
    Task<Outcome<MethodAnswer>> InvokeAsync(string id, string method, string payloadJson, TimeSpan responseTimeout, CancellationToken ct);
}

/// <summary>What devices have sent to the hub, partition by partition.</summary>
public interface IHubTelemetry
{
    Task<IReadOnlyList<string>> PartitionsAsync(CancellationToken ct);

    /// <summary>For ever, from just after an offset.</summary>
    /// <param name="afterOffset">Null from the oldest that the hub still has.</param>
    IAsyncEnumerable<HubMessage> ReadAsync(string partition, string? afterOffset, CancellationToken ct);
}

/// <summary>The hub is away, or refuses us rather than our request.</summary>
public sealed class HubException : IOException
{
    public HubException() { }
    public HubException(string message) : base(message) { }
    public HubException(string message, Exception? innerException) : base(message, innerException) { }
}
