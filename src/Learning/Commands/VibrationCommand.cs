using System.Globalization;
using Seamless.Analytics.Vibration;
using Seamless.Learning.Tables;
using Seamless.Telemetry;

namespace Seamless.Learning.Commands;

/// <summary>Diagnoses recordings of acceleration, window by window; each file is a recording of its own.</summary>
public static class VibrationCommand
{
    private static readonly string[] Columns =
    [
        "id", "time_s", "class", "p_Normal", "p_IR", "p_B", "p_OR",
        "bpfo_db", "bpfi_db", "bsf_db", "bpfo_sidebands_db", "bpfi_sidebands_db", "bsf_sidebands_db", "ftf_db", "threshold_db", "high_frequency_share_db",
        "rms", "peak", "crest_factor", "kurtosis", "shift_percent", "evidence",
    ];

    /// <summary>A row a window: <c>id</c> (file:window, from 0), the time at which it ends, class, probabilities, ratios. What is left of the last window is not answered.</summary>
    public static Task<Outcome<ScoreSummary>> ScoreAsync(ScoreVibrationRequest request, IProgress<string>? progress, CancellationToken ct) =>
        LearningCommands.Guarded(() =>
        {
            var bearing = request.Bearing;
            var options = new VibrationOptions(request.Window, request.Rate, request.Memory, request.NormalShare);
            if (request.Inputs.Count == 0) throw new TableException("no input was named");
            if ((bearing.Problem() ?? options.Problem()) is { } problem) throw new TableException(problem);
            if (!(request.Rpm > 0) || double.IsInfinity(request.Rpm)) throw new TableException($"a shaft speed of {Format(request.Rpm)} rpm: above 0");
            using var output = LearningCommands.OpenOutput(request.Output, Columns);
            var diagnosis = new BearingDiagnosis(bearing, options);
            var rows = 0L;
            foreach (var input in request.Inputs)
            {
                progress?.Report(input);
                diagnosis.Reset();
                rows += Score(input, request, diagnosis, output, ct);
            }
            return new ScoreSummary(request.Output, rows);
        }, ct);

    /// <summary>A bearing of the table, or given orders; both together: the given ones in place of the table's.</summary>
    public static Outcome<BearingGeometry> Bearing(string? designation, double? bpfo, double? bpfi, double? bsf, double? ftf)
    {
        var known = designation is null ? null : BearingTable.Find(designation);
        if (designation is not null && known is null && (bpfo ?? bpfi ?? bsf ?? ftf) is null)
            return Refusal.Invalid($"the bearing '{designation}' is not in the table ({string.Join(", ", BearingTable.Designations)}); give --bpfo, --bpfi, --bsf and --ftf in events per revolution");
        if ((bpfo ?? known?.OuterRace, bpfi ?? known?.InnerRace, bsf ?? known?.BallSpin, ftf ?? known?.Cage) is not ({ } outer, { } inner, { } spin, { } cage))
            return Refusal.Invalid("name a --bearing, or give all of --bpfo, --bpfi, --bsf and --ftf in events per revolution");
        var bearing = new BearingGeometry(designation ?? "given", outer, inner, spin, cage);
        return bearing.Problem() is { } problem ? Refusal.Invalid(problem) : bearing;
    }

    private static int Score(string input, ScoreVibrationRequest request, BearingDiagnosis diagnosis, StreamWriter output, CancellationToken ct)
    {
        using var reader = CsvReader.Open(input);
        var column = request.Column is { } name ? reader.Column(name) : -1;
        var window = new double[request.Window];
        var (filled, windows) = (0, 0);
        while (reader.Read())
        {
            if (column < 0) column = FirstNumber(reader);
            window[filled++] = reader.Number(column);
            if (filled < window.Length) continue;
            ct.ThrowIfCancellationRequested();
            filled = 0;
            var verdict = diagnosis.Observe(window, request.Rpm / 60);
            LearningCommands.WriteRow(output, Cells($"{Stem(input)}:{windows}", ++windows * request.Window / request.Rate, verdict));
        }
        return windows > 0 ? windows : throw new TableException($"{input}: {filled} samples; a window takes {request.Window}");
    }

    private static int FirstNumber(CsvReader reader)
    {
        for (var i = 0; i < reader.Row.Count; i++)
            if (reader.Row[i].Length > 0 && CsvReader.TryNumber(reader.Row[i], out _)) return i;
        throw new TableException($"{reader.Path}:{reader.Line}: no column holds a number");
    }

    private static IEnumerable<string> Cells(string id, double seconds, BearingVerdict v)
    {
        double[] numbers = v.State is BearingState.Unknown ? [.. Enumerable.Repeat(double.NaN, Columns.Length - 4)] :
        [
            v.Probabilities.Normal, v.Probabilities.InnerRace, v.Probabilities.Ball, v.Probabilities.OuterRace,
            v.OuterRace.Strength, v.InnerRace.Strength, v.Ball.Strength, v.OuterRace.Sidebands, v.InnerRace.Sidebands, v.Ball.Sidebands, v.Cage.First,
            v.LineThreshold, v.HighFrequencyShare, v.Shape.Rms, v.Shape.Peak, v.Shape.CrestFactor, v.Shape.Kurtosis, 100 * v.Shift,
        ];
        return [id, Format(seconds), v.State.Code(), .. numbers.Select(Format), v.Explain()];
    }

    private static string Stem(string path)
    {
        var name = Path.GetFileName(path);
        if (name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)) name = name[..^3];
        return Path.GetFileNameWithoutExtension(name);
    }

    private static string Format(double value) => double.IsNaN(value) ? "" : value.ToString("G6", CultureInfo.InvariantCulture);
}
