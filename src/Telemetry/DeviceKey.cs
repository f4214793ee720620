using System.Buffers;

namespace Seamless.Telemetry;

/// <summary>Who sent it: a device within its tenant. The key of everything that is stored about a device.</summary>
/// <param name="Tenant">The tenant's name, 1–128 characters of <c>[A-Za-z0-9_.:-]</c>.</param>
/// <param name="Device">The device's id within the tenant, same alphabet.</param>
public readonly record struct DeviceKey(string Tenant, string Device) : IComparable<DeviceKey>
{
    public const string DefaultTenant = "default";
    public const int MaxNameLength = 128;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-");

    /// <summary>Whether <paramref name="name"/> may name a tenant, device or site (CONTRACTS §1).</summary>
    public static bool IsValidName(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= MaxNameLength && !name.ContainsAnyExcept(NameCharacters);

    public int CompareTo(DeviceKey other)
    {
        var byTenant = string.CompareOrdinal(Tenant, other.Tenant);
        return byTenant != 0 ? byTenant : string.CompareOrdinal(Device, other.Device);
    }

    public override string ToString() => $"{Tenant}/{Device}";

    public static bool operator <(DeviceKey left, DeviceKey right) => left.CompareTo(right) < 0;
    public static bool operator <=(DeviceKey left, DeviceKey right) => left.CompareTo(right) <= 0;
    public static bool operator >(DeviceKey left, DeviceKey right) => left.CompareTo(right) > 0;
    public static bool operator >=(DeviceKey left, DeviceKey right) => left.CompareTo(right) >= 0;
}
