using System.Globalization;

namespace Seamless.Analytics.Vibration;

/// <summary>Which part of a rolling bearing is damaged.</summary>
public enum BearingState
{
    /// <summary>The window could not be judged; <see cref="BearingVerdict.Problem"/> says why.</summary>
    Unknown,
    Normal,
    InnerRace,
    Ball,
    OuterRace,
}

/// <summary>The short names used in files and telemetry.</summary>
public static class BearingStates
{
    /// <returns>Normal, IR, B, OR or Unknown.</returns>
    public static string Code(this BearingState state) => state switch
    {
        BearingState.Normal => "Normal",
        BearingState.InnerRace => "IR",
        BearingState.Ball => "B",
        BearingState.OuterRace => "OR",
        _ => "Unknown",
    };
}

/// <summary>What one window, and those averaged with it, say about the bearing.</summary>
/// <param name="Problem">Why the window could not be judged; null when it was.</param>
/// <param name="Shift">Found frequencies over nominal ones, minus one: slip and error of the speed together. Means nothing where no line was found.</param>
/// <param name="LineThreshold">From how many dB over the floor on lines name a part.</param>
/// <param name="HighFrequencyShare">Of the power above the noise floor, what lies above 2.5 kHz, dB (averaged like the spectrum); NaN where the rate is below 7 kHz.</param>
public readonly record struct BearingVerdict(
    string? Problem, BearingState State, FaultProbabilities Probabilities,
    WindowShape Shape, FaultLines OuterRace, FaultLines InnerRace, FaultLines Ball, FaultLines Cage, double LineThreshold, double HighFrequencyShare, double Shift)
{
    public static BearingVerdict Unjudged(string problem) =>
        new(problem, BearingState.Unknown, default, default, default, default, default, default, 0, double.NaN, 0);

    /// <summary>The evidence in a sentence: which lines, how far above the floor.</summary>
    public string Explain() => State switch
    {
        BearingState.Unknown => $"not judged: {Problem}",
        BearingState.Normal => Invariant($"no damage: BPFO {OuterRace.Strength:F0} dB, BPFI {InnerRace.Strength:F0} dB, 2·BSF {Ball.Strength:F0} dB over the floor, {HighFrequencyShare:F0} dB of the power above 2.5 kHz"),
        BearingState.OuterRace => Lines("outer race, BPFO", OuterRace),
        BearingState.InnerRace => Lines("inner race, BPFI", InnerRace),
        _ when Ball.Strength >= LineThreshold => Lines("rolling element, 2·BSF", Ball),
        _ => Invariant($"rolling element: {HighFrequencyShare:F0} dB of the power above 2.5 kHz, but no lines of a race (BPFO {OuterRace.Strength:F0} dB, BPFI {InnerRace.Strength:F0} dB)"),
    };

    private static string Lines(string what, FaultLines lines) => Invariant(
        $"{what} {lines.Hertz:F1} Hz: harmonics {lines.First:F0}, {lines.Second:F0}, {lines.Third:F0} dB over the floor, sidebands {lines.Sidebands:F0} dB");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Sum to 1.</summary>
public readonly record struct FaultProbabilities(double Normal, double InnerRace, double Ball, double OuterRace)
{
    public BearingState Likeliest()
    {
        var (state, most) = (BearingState.Normal, Normal);
        if (InnerRace > most) (state, most) = (BearingState.InnerRace, InnerRace);
        if (Ball > most) (state, most) = (BearingState.Ball, Ball);
        return OuterRace > most ? BearingState.OuterRace : state;
    }
}
