using Seamless.Telemetry;

namespace Seamless.Storage.TimeSeries;

/// <summary>Knows no equipment types: every metric goes to the narrow table. Stands in until packs are there.</summary>
public sealed class GenericCatalog : IEquipmentCatalog
{
    public const string GenericType = "generic";

    public string TypeOf(in DeviceKey device) => GenericType;

    public IReadOnlyList<string> MetricsOf(string type) => [];
}
