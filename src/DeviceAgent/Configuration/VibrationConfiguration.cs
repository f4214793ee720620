using Seamless.Analytics.Vibration;

namespace Seamless.DeviceAgent.Configuration;

/// <summary>An accelerometer at a bearing: where its samples come from, and what they are judged by.</summary>
/// <remarks>Set, not init: see <see cref="AgentConfiguration"/>.</remarks>
public sealed record VibrationConfiguration
{
    /// <summary>A file or FIFO with one sample a line, or <c>-</c> for standard input.</summary>
    public string Source { get; set; } = "";

    /// <summary>Samples a second.</summary>
    public double Rate { get; set; }

    /// <summary>Samples of a window; half a second when not given.</summary>
    public int? Window { get; set; }

    /// <summary>Windows that are averaged.</summary>
    public int Memory { get; set; } = 8;

    /// <summary>Designation in the table of bearings; otherwise the four orders.</summary>
    public string? Bearing { get; set; }
    public double? Bpfo { get; set; }
    public double? Bpfi { get; set; }
    public double? Bsf { get; set; }
    public double? Ftf { get; set; }

    /// <summary>Speed of the shaft; otherwise the metric of <see cref="AgentConfiguration.Source"/> that holds it.</summary>
    public double? Rpm { get; set; }
    public string? RpmMetric { get; set; }

    /// <summary><c>vibrationHighFrequencyShare</c> of this machine when it was sound, dB.</summary>
    public double? NormalShare { get; set; }

    public VibrationOptions Options() => new(Window ?? (int)Math.Round(Math.Clamp(Rate, 0, VibrationOptions.MaxWindow) / 2), Rate, Memory, NormalShare);

    /// <summary>The bearing; null when it is neither in the table nor given whole.</summary>
    public BearingGeometry? Geometry()
    {
        var known = Bearing is null ? null : BearingTable.Find(Bearing);
        return (Bpfo ?? known?.OuterRace, Bpfi ?? known?.InnerRace, Bsf ?? known?.BallSpin, Ftf ?? known?.Cage) is ({ } outer, { } inner, { } spin, { } cage)
            ? new BearingGeometry(Bearing ?? "given", outer, inner, spin, cage)
            : null;
    }

    /// <summary>What is missing or wrong, in words for the person at the shell.</summary>
    public string? Problem(string mainSource)
    {
        if (Source.Length == 0) return "vibration.source is required: a file or FIFO with one sample a line, or -";
        if (Source == "-" && mainSource == "-") return "vibration.source and source cannot both be standard input";
        if (Source != "-" && !File.Exists(Source)) return $"vibration.source '{Source}': no such file";
        if (Options().Problem() is { } options) return $"vibration: {options}";
        if (Geometry() is not { } bearing) return $"vibration.bearing '{Bearing}': one of {string.Join(", ", BearingTable.Designations)}, or give bpfo, bpfi, bsf and ftf";
        if (bearing.Problem() is { } geometry) return $"vibration: {geometry}";
        if (Rpm is null == RpmMetric is null) return "vibration: give either rpm or rpmMetric";
        return Rpm is { } rpm && !(rpm > 0 && rpm <= 1_000_000) ? $"vibration.rpm {rpm}: above 0" : null;
    }
}
