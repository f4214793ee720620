using Seamless.Analytics.Conditions;
using Seamless.Analytics.Detectors;
using Seamless.Rules.Alarms;
using Seamless.Telemetry;

namespace Seamless.Rules.Engine;

/// <summary>Everything the engine remembers of one device.</summary>
public sealed class JudgedDevice
{
    public JudgedDevice(DeviceKey key, string site, CompiledPack pack)
    {
        (Key, Site, Pack) = (key, site, pack);
        Latest = new double[pack.Pack.Metrics.Count];
        Array.Fill(Latest, double.NaN);
        JudgedMs = new long[pack.Pack.Metrics.Count];
        Conditions = new ConditionState[pack.Rules.Length];
        Judged = new bool[pack.Rules.Length];
        Silences = new SilenceState[pack.Missing.Length];
        Detectors = [.. pack.Rules.Select(r => r.Definition.Detector is { } name ? StreamingDetectors.Create(name) : null)];
    }

    public DeviceKey Key { get; }
    public string Site { get; internal set; }
    public CompiledPack Pack { get; }

    /// <summary>Newest plausible value of every metric, NaN while there is none.</summary>
    public double[] Latest { get; }

    /// <summary>Event time up to which each metric has been judged; older readings are stored but not judged again.</summary>
    public long[] JudgedMs { get; }

    /// <summary>Newest event time heard of the device at all.</summary>
    public long NewestMs { get; internal set; }

    /// <summary>By rule number.</summary>
    public ConditionState[] Conditions { get; }

    /// <summary>By rule number: whether the rule has had something to judge yet. What was never judged is unobserved, not absent.</summary>
    public bool[] Judged { get; }

    /// <summary>In the order of <see cref="CompiledPack.Missing"/>.</summary>
    public SilenceState[] Silences { get; }

    /// <summary>By rule number; null for rules without a detector.</summary>
    public IStreamingDetector?[] Detectors { get; }

    /// <summary>Alarms that are active or may still be re-opened.</summary>
    internal List<AlarmTrack> Alarms { get; } = [];

    /// <summary>Metric → newest value, for models; kept only when the pack has some.</summary>
    internal Dictionary<string, double>? Readings { get; set; }
}
