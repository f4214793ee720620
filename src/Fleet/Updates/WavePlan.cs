using Seamless.Fleet.Registry;
using Seamless.Telemetry;

namespace Seamless.Fleet.Updates;

/// <summary>Who goes first: the lab, then waves in each of which every site and version has its share.</summary>
public static class WavePlan
{
    /// <summary>The tag of devices on which a bad release hurts nobody.</summary>
    public const string LabTag = "lab";

    /// <returns>Devices with the wave of each; waves that would be empty are left out.</returns>
    /// <param name="seed">Another one chooses other canaries: not the same customers each time.</param>
    public static (IReadOnlyList<(Device Device, int Wave)> Devices, IReadOnlyList<string> Names) Of(
        IReadOnlyCollection<Device> targets, Func<Device, string?> versionOf, CampaignRules rules, string seed)
    {
        var lab = targets.Where(device => device.Tags.ContainsKey(LabTag)).OrderBy(device => device.Id, StringComparer.Ordinal).ToList();
        var field = Stratified(targets.Where(device => !device.Tags.ContainsKey(LabTag)), versionOf, seed);
        var (planned, names) = (new List<(Device, int)>(), new List<string>());
        if (lab.Count > 0) Add(lab, LabTag);
        var taken = 0;
        for (var i = 0; i < rules.Shares.Count; i++)
        {
            var upTo = (int)Math.Ceiling(rules.Shares[i] * targets.Count) - lab.Count;
            if (i == 0) upTo = Math.Max(upTo, rules.Canary);
            upTo = Math.Min(upTo, field.Count);
            if (upTo <= taken) continue;
            Add(field[taken..upTo], i == 0 ? "canary" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{rules.Shares[i]:0.#%}"));
            taken = upTo;
        }
        return (planned, names);

        void Add(IEnumerable<Device> devices, string name)
        {
            planned.AddRange(devices.Select(device => (device, names.Count)));
            names.Add(name);
        }
    }

    /// <summary>Any beginning of the list holds of each stratum the part that is its own.</summary>
    private static List<Device> Stratified(IEnumerable<Device> devices, Func<Device, string?> versionOf, string seed) =>
    [
        .. devices.GroupBy(device => (device.Type, device.Site, Version: versionOf(device)))
            .SelectMany(stratum =>
            {
                var offset = Share(seed, $"{stratum.Key}");   // else every stratum of one device would come at its middle
                var size = stratum.Count();
                return stratum.OrderBy(device => StableHash.Id("w", seed, device.Id), StringComparer.Ordinal).Select((device, i) => (Device: device, At: (i + offset) / size));
            })
            .OrderBy(entry => entry.At).ThenBy(entry => entry.Device.Id, StringComparer.Ordinal).Select(entry => entry.Device),
    ];

    private static double Share(string seed, string of) => Convert.ToUInt32(StableHash.Id("s", seed, of)[2..10], 16) / (double)uint.MaxValue;
}
