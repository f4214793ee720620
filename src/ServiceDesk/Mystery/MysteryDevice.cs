using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Mystery;

/// <summary>The device that a check plays: reserved names, so that its doings can be left out everywhere, also after it is gone.</summary>
internal static class MysteryDevice
{
    public const string Site = "mystery";

    /// <summary>Stands on the device for other programs: what reports on the fleet leaves out devices with it.</summary>
    public const string Tag = "mystery";
    private const string Prefix = "mystery-";

    public static DeviceKey KeyOf(string type) => new(DeviceKey.DefaultTenant, Prefix + type);

    /// <summary>No figure counts it, no part is kept or sent for it, no command goes to it and nobody travels to it.</summary>
    public static bool Is(string site, string? device) => site == Site && device?.StartsWith(Prefix, StringComparison.Ordinal) == true;
}
