namespace Seamless.Analytics.Detectors;

/// <summary>The range a quantity has had so far. A new record widens it; it may forget, slowly.</summary>
/// <remarks>A mutable struct: each detector owns its envelopes as fields, so that a stream is one object.</remarks>
internal struct Envelope
{
    /// <summary>Excesses are cut here: a constant that moves is "new beyond measure", not infinitely so.</summary>
    public const double MaxExcess = 10;

    /// <summary>A range narrower than this share of its level counts as this wide, so that the last digit of a quiet sensor is no record.</summary>
    private const double NarrowestShare = 1e-6;

    public double Low;
    public double High;
    public long Count;

    /// <summary>How far <paramref name="value"/> lies outside the range, in widths of the range; 0 inside.</summary>
    public readonly double Excess(double value)
    {
        var outside = value > High ? value - High : value < Low ? Low - value : 0;
        if (outside == 0 || Count == 0) return 0;
        return Math.Min(outside / Width(value), MaxExcess);
    }

    /// <param name="forgetting">The share of its width that the range loses per value.</param>
    /// <param name="mostGrowth">The share of its width by which one value may widen the range: a single one far outside does not blind it for the next.</param>
    public void Include(double value, double forgetting = 0, double mostGrowth = double.PositiveInfinity)
    {
        if (Count++ == 0)
        {
            (Low, High) = (value, value);
            return;
        }
        var (narrowing, most) = (forgetting * (High - Low) / 2, mostGrowth * Width(value));
        Low = Math.Max(Math.Min(Low + narrowing, value), Low - most);
        High = Math.Min(Math.Max(High - narrowing, value), High + most);
    }

    private readonly double Width(double value) => Math.Max(High - Low, NarrowestShare * Math.Abs(value) + 1e-12);

    public readonly void Snapshot(BinaryWriter writer)
    {
        writer.Write(Low);
        writer.Write(High);
        writer.Write(Count);
    }

    public void Restore(BinaryReader reader)
    {
        Low = reader.ReadDouble();
        High = reader.ReadDouble();
        Count = reader.ReadInt64();
    }
}
