using Seamless.Machines.Chance;
using Seamless.Telemetry;

namespace Seamless.Machines.Equipment;

/// <summary>What a metric's sensor is like.</summary>
/// <param name="Noise">Standard deviation of a reading, in the metric's unit.</param>
/// <param name="Decimals">What the sensor resolves.</param>
/// <param name="Lowest">No reading is below.</param>
/// <param name="Ideal">Counters and switches: no noise, no spikes, no drift.</param>
public readonly record struct Instrument(string Metric, double Noise, int Decimals, double Lowest = double.NegativeInfinity, bool Ideal = false);

/// <summary>Turns true values into readings: noise, slow drift, rare single spikes and short dropouts.</summary>
internal sealed class Sensors(IReadOnlyList<Instrument> instruments, Seed seed)
{
    private const double SpikeChance = 4e-5;
    private const double DropoutChance = 4e-4;
    private const long DropoutCellMs = 600_000;
    private const long DropoutMs = 90_000;
    private const long DriftMs = 36L * 3_600_000;

    private readonly Seed[] _seeds = [.. instruments.Select(instrument => seed.Split(instrument.Metric))];

    public void Read(long atMs, ReadOnlySpan<double> truth, List<Reading> readings)
    {
        for (var i = 0; i < instruments.Count; i++)
        {
            var instrument = instruments[i];
            if (instrument.Ideal) readings.Add(new Reading(instrument.Metric, truth[i]));
            else if (!IsOut(_seeds[i], atMs)) readings.Add(new Reading(instrument.Metric, Measure(instrument, _seeds[i], atMs, truth[i])));
        }
    }

    private static double Measure(in Instrument instrument, Seed seed, long atMs, double truth)
    {
        var value = truth + instrument.Noise * (Noise.White(seed, atMs) + 0.6 * Noise.Wander(seed, atMs, DriftMs));
        if (Noise.Uniform(seed.Split(1), atMs) < SpikeChance) value += 12 * instrument.Noise + 0.5 * Math.Abs(truth);
        return Math.Max(instrument.Lowest, Math.Round(value, instrument.Decimals));
    }

    private static bool IsOut(Seed seed, long atMs)
    {
        var (cell, rest) = Math.DivRem(atMs, DropoutCellMs);
        return rest < DropoutMs && Noise.Uniform(seed.Split(2), cell) < DropoutChance;
    }
}
