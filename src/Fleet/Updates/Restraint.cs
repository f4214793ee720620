using Seamless.Fleet.Registry;

namespace Seamless.Fleet.Updates;

/// <summary>Keeps what stands together from changing together.</summary>
/// <param name="fleet">All devices of the tenant.</param>
/// <param name="budget">Devices that may change at one time.</param>
internal sealed class Restraint(IReadOnlyList<Device> fleet, int budget)
{
    private readonly Dictionary<string, int> _atSite = fleet.GroupBy(device => device.Site, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
    private readonly Dictionary<string, int> _busyAtSite = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _groups = new(StringComparer.Ordinal);
    private readonly HashSet<string> _underWay = new(StringComparer.Ordinal);

    /// <summary>What has begun already.</summary>
    /// <param name="underWay">False for a device that has ended, but so lately that its partners still wait for how it does.</param>
    public void Note(Device device, bool underWay)
    {
        if (device.RedundancyGroup is { } group)
        {
            if (!_groups.TryGetValue(group, out var members)) _groups[group] = members = new HashSet<string>(StringComparer.Ordinal);
            members.Add(device.Id);
        }
        if (underWay && _underWay.Add(device.Id)) _busyAtSite[device.Site] = _busyAtSite.GetValueOrDefault(device.Site) + 1;
    }

    public static string Spent(int underWay) => $"{underWay} devices are changing, as many as may at one time";

    public void Take(Device device) => Note(device, underWay: true);

    /// <summary>Null when it may change now.</summary>
    public string? WhyNot(Device device)
    {
        if (_underWay.Contains(device.Id)) return $"{device.Id} is being changed by another campaign";
        if (_underWay.Count >= budget) return Spent(_underWay.Count);
        if (device.RedundancyGroup is { } group && _groups.TryGetValue(group, out var members) && members.Any(member => member != device.Id)) return $"another device of redundancy group {group} has just changed or is changing";
        // At least one stays as it is; a device that stands alone has nobody to stay.
        var mayChange = Math.Max(1, _atSite.GetValueOrDefault(device.Site) / 2);
        return _busyAtSite.GetValueOrDefault(device.Site) >= mayChange ? $"half of the devices at site {device.Site} are changing" : null;
    }
}
