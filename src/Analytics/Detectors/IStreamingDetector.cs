namespace Seamless.Analytics.Detectors;

/// <summary>Watches one stream, one point at a time, without look-ahead and without allocating. Deterministic.</summary>
public interface IStreamingDetector
{
    /// <summary>How unusual this point is, 0 (as ever) to 1 (never seen the like). Event time in Unix ms; a bad or missing value is not fed.</summary>
    double Observe(long timestampMs, double value);

    /// <summary>Where the value was expected to lie just before this point, for the plot; NaN while it is learning.</summary>
    (double Low, double High) Expected { get; }

    /// <summary>Writes the whole state; the same bytes restored give the same scores.</summary>
    void Snapshot(BinaryWriter writer);
    void Restore(BinaryReader reader);
}
