using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest.Dialects.Sparkplug;

/// <summary>Every edge node that has spoken since we started, by its device, and which node each device stands behind.</summary>
internal sealed class SparkplugNodes(IOptions<IngestOptions> options)
{
    private readonly ConcurrentDictionary<DeviceKey, EdgeNode> _nodes = new();
    private readonly ConcurrentDictionary<DeviceKey, (EdgeNode Node, string Device)> _devices = new();
    private readonly DecoderOptions _decoding = new() { ClockTolerance = options.Value.ClockTolerance };

    public IEnumerable<EdgeNode> All => _nodes.Values;

    public EdgeNode Of(DeviceKey key) => _nodes.GetOrAdd(key, static (k, with) => new EdgeNode(k, with.options.Value.Sparkplug, with._decoding), (options, _decoding));

    public void Note(DeviceKey device, EdgeNode node, string name) => _devices[device] = (node, name);

    /// <summary>The living node that a device is, or stands behind (<paramref name="device"/> is its name there).</summary>
    public EdgeNode? Find(DeviceKey key, out string? device)
    {
        device = null;
        if (_nodes.TryGetValue(key, out var own)) return own.IsDeviceBorn(null) ? own : null;
        if (!_devices.TryGetValue(key, out var behind) || !behind.Node.IsDeviceBorn(behind.Device)) return null;
        device = behind.Device;
        return behind.Node;
    }
}
