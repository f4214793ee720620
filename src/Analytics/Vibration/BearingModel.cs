namespace Seamless.Analytics.Vibration;

/// <summary>From lines to probabilities: four numbers, each with a reason.</summary>
/// <remarks>
/// Damage is there when some part's lines stand out, or when much of the power lies where only blows bring it. Given damage, a race is named by its
/// lines; where neither race's stand out it is a ball, whose lines often do not: it turns about changing axes and strikes at times only
/// (Smith and Randall, Mech. Syst. Signal Process. 64–65 (2015) 100–131).
/// </remarks>
internal static class BearingModel
{
    /// <summary>What lines reach that are no sign of the part, dB: modulation by another part's damage, in a window of fifteen turns.</summary>
    private const double Innocent = 7;

    /// <summary>What chance adds to them in one window, dB; it averages out.</summary>
    private const double Chance = 2;

    private const double UsualTurns = 15;

    /// <summary>A tenth of the power above 2.5 kHz, where the machine's own normal is not known.</summary>
    public const double ShareThreshold = -10;

    /// <summary>Damage at four times the normal share.</summary>
    public const double ShareAboveNormal = 6;

    private const double PerLineDecibel = 1;
    private const double PerShareDecibel = 0.5;

    /// <summary>From how many dB over the floor on lines are the part's. A line grows over noise with the length of the window, so what is innocent does.</summary>
    public static double LineThreshold(double turns, int windows) =>
        Innocent + Chance / Math.Sqrt(windows) + Math.Max(0, 10 * Math.Log10(turns / UsualTurns));

    /// <param name="threshold">From <see cref="LineThreshold"/>.</param>
    /// <param name="share">NaN where it is not known: then lines alone decide.</param>
    public static FaultProbabilities Judge(double outerRace, double innerRace, double ball, double threshold, double share, double? normalShare)
    {
        var (outer, inner, balls) = (PerLineDecibel * (outerRace - threshold), PerLineDecibel * (innerRace - threshold), PerLineDecibel * (ball - threshold));
        var lines = Math.Max(outer, Math.Max(inner, balls));
        var resonances = PerShareDecibel * (share - (normalShare + ShareAboveNormal ?? ShareThreshold));
        var damage = 1 / (1 + Math.Exp(-(double.IsNaN(resonances) ? lines : Math.Max(lines, resonances))));

        balls = Math.Max(0, balls);
        var most = Math.Max(outer, Math.Max(inner, balls));
        var (o, i, b) = (Math.Exp(outer - most), Math.Exp(inner - most), Math.Exp(balls - most));
        var each = damage / (o + i + b);
        return new FaultProbabilities(1 - damage, i * each, b * each, o * each);
    }
}
