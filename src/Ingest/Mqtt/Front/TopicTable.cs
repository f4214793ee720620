using System.IO.Hashing;
using System.Text;
using Seamless.Fleet.Registry;
using Seamless.Ingest.Dialects;
using Seamless.Ingest.Limits;
using Seamless.Storage.Log;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;
using Seamless.Telemetry.Rows;

namespace Seamless.Ingest.Mqtt.Front;

/// <summary>What a telemetry topic stands for.</summary>
internal sealed class TopicEntry(byte[] topic, DeviceKey device, Meter meter, int partition, int version)
{
    public readonly byte[] Topic = topic;
    public readonly DeviceKey Device = device;
    public readonly int Number = Numbers.Devices.Of(device);
    public readonly int Partition = partition;

    /// <summary>What the device may send; the same object for all topics that are its.</summary>
    public readonly Meter Meter = meter;

    /// <summary>The registry as it was when the device was found in it.</summary>
    public readonly int Version = version;

    /// <summary>What its payloads looked like last. A race costs a look at the whole payload.</summary>
    public PayloadShape? Shape;

    private long _seenMs;

    /// <summary>Whether it is time to note life again: once a second is enough.</summary>
    public bool IsNews(long nowMs)
    {
        if (nowMs - Volatile.Read(ref _seenMs) is >= 0 and < 1000) return false;
        Volatile.Write(ref _seenMs, nowMs);
        return true;
    }
}

/// <summary>Telemetry topics of known devices by their bytes, so that a message needs no text. Any number of threads; reading takes no lock.</summary>
internal sealed class TopicTable : IDisposable
{
    private const int MaxTopics = 1 << 20;

    private readonly IDeviceRegistry _devices;
    private readonly ITelemetryLog _log;
    private readonly Meters _meters;
    private readonly Lazy<IDialect[]> _dialects;   // they publish by the broker, which listens through us: made when first asked for
    private readonly Lock _adding = new();
    private volatile TopicEntry?[] _slots = new TopicEntry?[1024];
    private int _count;
    private volatile int _version;

    public TopicTable(IDeviceRegistry devices, ITelemetryLog log, Meters meters, Func<IEnumerable<IDialect>> dialects)
    {
        (_devices, _log, _meters, _dialects) = (devices, log, meters, new Lazy<IDialect[]>(() => [.. dialects()]));
        devices.Changed += OnChanged;
    }

    /// <summary>The entry, when <paramref name="sender"/> may publish there and the device is known; null for everything else, which takes the long way.</summary>
    public TopicEntry? Find(ReadOnlySpan<byte> topic, DevicePrincipal sender)
    {
        var slots = _slots;
        var mask = slots.Length - 1;
        for (var at = Hash(topic) & mask; Volatile.Read(ref slots[at]) is { } entry; at = (at + 1) & mask)
        {
            if (!topic.SequenceEqual(entry.Topic)) continue;
            if (entry.Version != _version) break;
            return Covers(sender, entry.Device) ? entry : null;
        }
        return Add(topic, sender);
    }

    /// <summary>Whether the entry still says the truth.</summary>
    public bool IsCurrent(TopicEntry entry) => entry.Version == _version;

    private static bool Covers(DevicePrincipal sender, in DeviceKey device) =>
        sender.IsGateway ? SameText(sender.Key.Tenant, device.Tenant) : SameText(sender.Key.Device, device.Device) && SameText(sender.Key.Tenant, device.Tenant);

    private static bool SameText(string a, string b) => ReferenceEquals(a, b) || string.Equals(a, b, StringComparison.Ordinal);

    private TopicEntry? Add(ReadOnlySpan<byte> topic, DevicePrincipal sender)
    {
        var version = _version;
        if (!TryName(topic, out var name) || Array.Exists(_dialects.Value, dialect => dialect.Owns(name))) return null;
        if (!Topic.TryParse(name, out var parsed) || parsed.Value.Kind is not TopicKind.Telemetry || !Covers(sender, parsed.Value.Device)) return null;
        if (_devices.FindCached(parsed.Value.Device) is not { } device) return null;
        var entry = new TopicEntry(topic.ToArray(), device.Key, _meters.Of(device.Key), _log.PartitionOf(device.Key), version);
        lock (_adding) Put(entry);
        return entry;
    }

    private static bool TryName(ReadOnlySpan<byte> topic, out string name)
    {
        name = "";
        if (topic.IsEmpty || !Ascii.IsValid(topic)) return false;
        name = Encoding.ASCII.GetString(topic);
        return true;
    }

    private void Put(TopicEntry entry)
    {
        if (_count >= MaxTopics) (_slots, _count) = (new TopicEntry?[1024], 0);
        if (_count * 2 >= _slots.Length)
        {
            var larger = new TopicEntry?[_slots.Length * 4];
            foreach (var known in _slots) if (known is not null) Place(larger, known);
            _slots = larger;
        }
        if (Place(_slots, entry)) _count++;
    }

    /// <returns>False when it replaced an older entry of the same topic.</returns>
    private static bool Place(TopicEntry?[] slots, TopicEntry entry)
    {
        var mask = slots.Length - 1;
        var at = Hash(entry.Topic) & mask;
        while (slots[at] is { } other && !other.Topic.AsSpan().SequenceEqual(entry.Topic)) at = (at + 1) & mask;
        var fresh = slots[at] is null;
        Volatile.Write(ref slots[at], entry);
        return fresh;
    }

    private void OnChanged(DeviceKey device) => Interlocked.Increment(ref _version);

    public void Dispose() => _devices.Changed -= OnChanged;

    private static int Hash(ReadOnlySpan<byte> topic) => (int)(XxHash3.HashToUInt64(topic) & 0x7FFFFFFF);
}
