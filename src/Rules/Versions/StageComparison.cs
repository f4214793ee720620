using Seamless.Rules.Packs;

namespace Seamless.Rules.Versions;

/// <summary>Who raised an alarm: the rules in force, the version that is tried out, or both.</summary>
[Flags]
public enum RaisedBy : byte { Old = 1, New = 2, Both = Old | New }

/// <summary>One fault of a device while a version was tried out.</summary>
/// <param name="Rule">The rule that raised it first.</param>
/// <param name="To">Null while it lasts.</param>
public sealed record StageFault(string Device, string FaultKey, string Rule, Severity Severity, RaisedBy By, DateTimeOffset From, DateTimeOffset? To);

public sealed record StageCounts(int Both, int OnlyNew, int OnlyOld)
{
    public static StageCounts Of(IEnumerable<StageFault> faults)
    {
        var by = faults.CountBy(f => f.By).ToDictionary();
        return new StageCounts(by.GetValueOrDefault(RaisedBy.Both), by.GetValueOrDefault(RaisedBy.New), by.GetValueOrDefault(RaisedBy.Old));
    }
}

/// <param name="Canary">Whether the version judged the device for people to see.</param>
public sealed record StageDevice(string Device, bool Canary, StageCounts Counts);

/// <param name="Ended">Null while it lasts.</param>
/// <param name="Broken">Why the version cannot judge at the moment; null when it does.</param>
/// <param name="Devices">Those with a fault; most differences first.</param>
/// <param name="Faults">Newest first.</param>
public sealed record StageReport(
    string Version, RuleVersionState State, CanaryChoice? Canary, DateTimeOffset Began, DateTimeOffset? Ended, string? Broken,
    StageCounts Counts, IReadOnlyList<StageDevice> Devices, IReadOnlyList<StageFault> Faults);

/// <summary>Puts side by side what two rule sets raised over the same telemetry.</summary>
/// <remarks>A limit that lies elsewhere raises the same fault earlier or later: what overlaps on one device under one fault key is one fault.</remarks>
/// <param name="tolerance">What lies no further apart than this is still the same occurrence.</param>
public sealed class StageComparison(TimeSpan tolerance)
{
    public IReadOnlyList<StageFault> Merge(IEnumerable<StageFault> seen)
    {
        var merged = new List<StageFault>();
        foreach (var same in seen.GroupBy(f => (f.Device, f.FaultKey)))
        {
            StageFault? open = null;
            foreach (var next in same.OrderBy(f => f.From).ThenBy(f => f.By))
            {
                if (open is not null && Touches(open, next))
                {
                    open = Joined(open, next);
                    continue;
                }
                if (open is not null) merged.Add(open);
                open = next;
            }
            merged.Add(open!);
        }
        return [.. merged.OrderByDescending(f => f.From).ThenBy(f => f.Device, StringComparer.Ordinal).ThenBy(f => f.FaultKey, StringComparer.Ordinal)];
    }

    private bool Touches(StageFault open, StageFault next) => open.To is not { } end || next.From - end <= tolerance;

    private static StageFault Joined(StageFault a, StageFault b) => a with
    {
        By = a.By | b.By,
        Severity = (Severity)Math.Min((byte)a.Severity, (byte)b.Severity),
        To = a.To is { } one && b.To is { } other ? one > other ? one : other : null,
    };
}
