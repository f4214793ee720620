using System.Collections.Concurrent;
using Seamless.Fleet.Registry;
using Seamless.Rules.Packs;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;

namespace Seamless.Rules;

/// <summary>Tells the store which table a device's samples belong to: by its type in the registry and the pack's numeric metrics.</summary>
internal sealed class EquipmentCatalog(IPacks packs, IDeviceRegistry registry) : IEquipmentCatalog
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _metrics = new(StringComparer.Ordinal);

    public string TypeOf(in DeviceKey device) =>
        registry.FindCached(device) is { } known && packs.Find(known.Type) is { } pack ? pack.Type : Engine.Judgement.Generic;

    public IReadOnlyList<string> MetricsOf(string type) =>
        _metrics.GetOrAdd(type, t => packs.Find(t) is { } pack ? [.. pack.Metrics.Where(m => m.Type is not MetricType.State).Select(m => m.Name)] : []);
}
