using Seamless.Fleet.Registry;
using Seamless.Rules.Packs;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;

namespace Seamless.Portal.Commands;

/// <summary>Tells the time-series store, which knows neither packs nor registry, which table a device's samples belong to.</summary>
internal sealed class EquipmentCatalog(IPacks packs, IDeviceRegistry registry) : IEquipmentCatalog
{
    private const string Generic = "generic";

    public string TypeOf(in DeviceKey device) => registry.FindCached(device)?.Type is { } type && packs.Find(type) is not null ? type : Generic;

    /// <remarks>A boolean is stored as 0 or 1; only states (text) have no column.</remarks>
    public IReadOnlyList<string> MetricsOf(string type) =>
        packs.Find(type) is { } pack ? [.. pack.Metrics.Where(metric => metric.Type != MetricType.State).Select(metric => metric.Name)] : [];
}
