using Seamless.Analytics.MachineState;

namespace Seamless.Rules.Engine;

/// <summary>What one metric has in it that a machine is unlike its normal state.</summary>
/// <param name="Value">In the row that was judged; NaN where the metric said nothing.</param>
/// <param name="Expected">What it should have been, in its own unit.</param>
/// <param name="Share">Of the whole deviation; below zero where the value was lower than expected.</param>
public readonly record struct Departure(string Metric, double Value, double Expected, double Share);

/// <summary>What a rule on the state of the machine found.</summary>
/// <param name="Departures">The greatest share first; metrics that do not deviate are left out.</param>
/// <param name="Learned">Rows that are known of what is normal.</param>
public sealed record StateFinding(IReadOnlyList<Departure> Departures, int Learned)
{
    internal static IReadOnlyList<Departure> DeparturesOf(StateWatch watch, IReadOnlyList<string> metrics)
    {
        var departures = new List<Departure>(metrics.Count);
        for (var i = 0; i < watch.Contributions.Length; i++)
            if (watch.Contributions[i] != 0) departures.Add(new Departure(metrics[i], watch.Row[i], watch.Expected[i], watch.Contributions[i]));
        return [.. departures.OrderByDescending(departure => Math.Abs(departure.Share))];
    }

    internal static void Write(StateFinding? state, BinaryWriter writer)
    {
        writer.Write(state?.Learned ?? -1);
        if (state is null) return;
        writer.Write(state.Departures.Count);
        foreach (var (metric, value, expected, share) in state.Departures)
        {
            writer.Write(metric);
            writer.Write(value);
            writer.Write(expected);
            writer.Write(share);
        }
    }

    internal static StateFinding? Read(BinaryReader reader)
    {
        var learned = reader.ReadInt32();
        if (learned < 0) return null;
        var departures = new Departure[reader.ReadInt32()];
        for (var i = 0; i < departures.Length; i++) departures[i] = new Departure(reader.ReadString(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        return new StateFinding(departures, learned);
    }
}
