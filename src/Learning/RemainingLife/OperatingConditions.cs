namespace Seamless.Learning.RemainingLife;

/// <summary>The settings a machine is run at, told apart by the columns that fall into clusters: altitude and throttle, recipe, speed step.</summary>
/// <remarks>
/// A column names conditions when its values lie in a few clusters with clear gaps between them, when machines visit those clusters early in life as
/// often as late (else it is wear), and when the clusters explain most of what most other columns do (else the difference does not matter).
/// </remarks>
/// <param name="Settings">The columns looked at, each with its clusters in rising order.</param>
/// <param name="Known">Which clusters, one per setting, make which condition.</param>
public sealed record OperatingConditions(IReadOnlyList<Setting> Settings, IReadOnlyList<int[]> Known)
{
    /// <summary>No machine of the training data was seen like this.</summary>
    public const int Unknown = -1;

    public int Count => Known.Count;

    /// <param name="settings">Values of the settings, NaN when missing.</param>
    public int Of(ReadOnlySpan<double> settings)
    {
        Span<int> clusters = stackalloc int[settings.Length];
        for (var i = 0; i < settings.Length; i++) clusters[i] = Settings[i].ClusterOf(settings[i]);
        for (var known = 0; known < Known.Count; known++)
            if (clusters.SequenceEqual(Known[known])) return known;
        return Unknown;
    }
}

/// <param name="Margin">How far outside a cluster's training range a value may lie and still belong to it.</param>
public sealed record Setting(string Column, IReadOnlyList<double> Lows, IReadOnlyList<double> Highs, double Margin)
{
    public int ClusterOf(double value)
    {
        for (var i = 0; i < Lows.Count; i++)
            if (value >= Lows[i] - Margin && value <= Highs[i] + Margin) return i;
        return OperatingConditions.Unknown;
    }
}
