using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Seamless.Fleet.Shadows;
using Seamless.Telemetry;

namespace Seamless.Ingest.Dialects;

/// <summary>What each device was last told is desired of it, for conventions that send only what has changed since.</summary>
internal sealed class DesiredViews
{
    private readonly ConcurrentDictionary<DeviceKey, string> _told = new();

    public void Told(Shadow shadow) => _told[shadow.Device] = shadow.DesiredJson;

    /// <summary>What to tell it now; all of it when we do not know what it knows.</summary>
    public JsonObject ChangesFor(Shadow shadow)
    {
        var before = _told.TryGetValue(shadow.Device, out var told) ? JsonObjects.Parse(told) : [];
        Told(shadow);
        return JsonObjects.Difference(before, JsonObjects.Parse(shadow.DesiredJson));
    }
}
