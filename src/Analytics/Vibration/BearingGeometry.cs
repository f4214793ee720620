namespace Seamless.Analytics.Vibration;

/// <summary>What a rolling bearing's damage repeats with, in events per revolution of the shaft (orders). The outer ring stands still.</summary>
/// <param name="Name">As in <see cref="BearingTable"/>, or anything.</param>
/// <param name="OuterRace">BPFO: rolling elements passing a place on the outer race.</param>
/// <param name="InnerRace">BPFI: rolling elements passing a place on the inner race.</param>
/// <param name="BallSpin">BSF: turns of a rolling element about itself. A damaged one strikes both races: twice as often.</param>
/// <param name="Cage">FTF: turns of the cage.</param>
public sealed record BearingGeometry(string Name, double OuterRace, double InnerRace, double BallSpin, double Cage)
{
    /// <summary>From the dimensions, for pure rolling.</summary>
    /// <remarks>
    /// With r = d/D·cos φ: FTF = ½(1 − r), BPFO = n/2·(1 − r), BPFI = n/2·(1 + r), BSF = D/(2d)·(1 − r²).
    /// Randall and Antoni, Rolling element bearing diagnostics: a tutorial, Mech. Syst. Signal Process. 25 (2011) 485–520, eq. 1–4.
    /// Real bearings slip: 1 to 2 % from these.
    /// </remarks>
    /// <param name="balls">Number n of rolling elements, at least 2.</param>
    /// <param name="ballDiameter">d, in the unit of the pitch diameter.</param>
    /// <param name="pitchDiameter">D, greater than d.</param>
    /// <param name="contactAngle">φ in degrees, 0 to below 90.</param>
    public static BearingGeometry FromDimensions(string name, int balls, double ballDiameter, double pitchDiameter, double contactAngle = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(balls, 2);
        if (!(ballDiameter > 0)) throw new ArgumentOutOfRangeException(nameof(ballDiameter), ballDiameter, "above 0");
        if (!(pitchDiameter > ballDiameter)) throw new ArgumentOutOfRangeException(nameof(pitchDiameter), pitchDiameter, "above the ball diameter");
        if (contactAngle is not (>= 0 and < 90)) throw new ArgumentOutOfRangeException(nameof(contactAngle), contactAngle, "degrees, 0 to below 90");
        var r = ballDiameter / pitchDiameter * Math.Cos(contactAngle * Math.PI / 180);
        return new BearingGeometry(
            name, balls / 2.0 * (1 - r), balls / 2.0 * (1 + r), pitchDiameter / (2 * ballDiameter) * (1 - r * r), (1 - r) / 2);
    }

    /// <summary>What is wrong with the orders, in words; null when they can be a bearing's.</summary>
    public string? Problem() =>
        !(OuterRace > 0 && OuterRace < 200) ? $"BPFO {OuterRace}: events per revolution, above 0"
        : !(InnerRace > OuterRace && InnerRace < 200) ? $"BPFI {InnerRace}: events per revolution, above BPFO"
        : !(BallSpin > 0 && BallSpin < 200) ? $"BSF {BallSpin}: turns per revolution, above 0"
        : !(Cage > 0 && Cage < 1) ? $"FTF {Cage}: turns per revolution, between 0 and 1"
        : null;
}
