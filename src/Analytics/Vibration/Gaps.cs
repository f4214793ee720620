namespace Seamless.Analytics.Vibration;

/// <summary>Samples that are missing.</summary>
internal static class Gaps
{
    /// <summary>Copies the samples; straight lines where some are missing (not finite), a level at the ends.</summary>
    /// <returns>How many were missing.</returns>
    public static int Fill(ReadOnlySpan<double> samples, Span<double> filled)
    {
        var missing = 0;
        var last = -1;
        for (var i = 0; i < samples.Length; i++)
        {
            filled[i] = samples[i];
            if (!double.IsFinite(samples[i]))
            {
                missing++;
                continue;
            }
            if (last < i - 1) Bridge(filled, last, i);
            last = i;
        }
        if (last >= 0) filled[(last + 1)..].Fill(filled[last]);
        return missing;
    }

    private static void Bridge(Span<double> filled, int from, int to)
    {
        for (var i = from + 1; i < to; i++)
            filled[i] = from < 0 ? filled[to] : filled[from] + (filled[to] - filled[from]) * (i - from) / (to - from);
    }
}
