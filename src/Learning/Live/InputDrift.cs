using System.Collections.Concurrent;
using System.Text.Json;

namespace Seamless.Learning.Live;

/// <summary>How far what a model is asked about now lies from what it was trained on.</summary>
/// <param name="Rows">Samples that were judged between <paramref name="From"/> and <paramref name="To"/>.</param>
/// <param name="Psi">Input → population stability index against its deciles in training: below 0.1 alike, above 0.25 another population.</param>
public sealed record DriftReport(string Model, DateTimeOffset From, DateTimeOffset To, int Rows, IReadOnlyDictionary<string, double> Psi)
{
    /// <summary>From here the model answers about machines it was not trained on.</summary>
    public const double Limit = 0.25;

    public bool HasDrifted => Psi.Values.Any(psi => psi > Limit);
}

/// <summary>Counts the inputs of the models in force by their training deciles; once a day they are compared and counted anew. The last comparison is kept over a restart, the counts are not.</summary>
public sealed class InputDrift(LearningOptions options, TimeProvider time)
{
    /// <summary>Fewer say nothing: they go on being counted.</summary>
    public const int FewestRows = 200;

    private readonly ConcurrentDictionary<string, Counts> _counts = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private Dictionary<string, DriftReport>? _last;

    private string File => Path.Combine(options.TrainingFolder, "drift.json");

    /// <summary>The last comparison; null when there was none yet.</summary>
    public DriftReport? Of(string model)
    {
        lock (_gate) return Last().GetValueOrDefault(model);
    }

    public void Count(ModelInfo model, IReadOnlyDictionary<string, double> readings) =>
        _counts.GetOrAdd(model.Id, static (_, known) => new Counts(known.Model, known.Time.GetUtcNow()), (Model: model, Time: time)).Add(readings);

    /// <summary>Compares what was counted and begins anew.</summary>
    /// <returns>What was compared now; models with too few samples are not among them.</returns>
    public IReadOnlyList<DriftReport> Judge()
    {
        var now = time.GetUtcNow();
        var reports = _counts.Values.Select(counts => counts.Take(now)).OfType<DriftReport>().ToList();
        if (reports.Count == 0) return reports;
        lock (_gate)
        {
            foreach (var report in reports) Last()[report.Model] = report;
            Directory.CreateDirectory(options.TrainingFolder);
            System.IO.File.WriteAllText(File + ".new", JsonSerializer.Serialize(_last, JsonSerializerOptions.Web));
            System.IO.File.Move(File + ".new", File, overwrite: true);
        }
        return reports;
    }

    private Dictionary<string, DriftReport> Last()
    {
        if (_last is not null) return _last;
        try
        {
            return _last = System.IO.File.Exists(File) ? JsonSerializer.Deserialize<Dictionary<string, DriftReport>>(System.IO.File.ReadAllText(File), JsonSerializerOptions.Web) ?? [] : [];
        }
        catch (JsonException)
        {
            return _last = [];   // tomorrow's comparison writes it anew
        }
    }

    private sealed class Counts(ModelInfo model, DateTimeOffset from)
    {
        private readonly Lock _gate = new();
        private readonly (string Input, Bins Bins)[] _inputs = [.. model.Deciles.Where(input => input.Value.Count > 0).Select(input => (input.Key, new Bins(input.Value)))];
        private DateTimeOffset _from = from;
        private int _rows;

        public void Add(IReadOnlyDictionary<string, double> readings)
        {
            lock (_gate)
            {
                _rows++;
                foreach (var (input, bins) in _inputs)
                    if (readings.TryGetValue(input, out var value) && double.IsFinite(value)) bins.Add(value);
            }
        }

        public DriftReport? Take(DateTimeOffset now)
        {
            lock (_gate)
            {
                if (_rows < FewestRows || _inputs.Length == 0) return null;
                var report = new DriftReport(model.Id, _from, now, _rows, _inputs.ToDictionary(i => i.Input, i => i.Bins.Take()));
                (_from, _rows) = (now, 0);
                return report;
            }
        }
    }

    /// <summary>Deciles that fall together, as those of a count or a switch do, are one bin with their shares together.</summary>
    private sealed class Bins
    {
        private readonly double[] _edges, _expected;
        private readonly int[] _counts;

        public Bins(IReadOnlyList<double> deciles)
        {
            var upTo = deciles.Select((edge, i) => (Edge: edge, Share: (i + 1) / 10.0)).GroupBy(d => d.Edge).OrderBy(d => d.Key).Select(d => (Edge: d.Key, Share: d.Max(e => e.Share))).ToArray();
            _edges = [.. upTo.Where(d => d.Share < 1).Select(d => d.Edge)];   // what lies beyond the largest value of training belongs to the last bin
            _expected = [.. upTo.Select(d => d.Share).Zip(upTo.Select(d => d.Share).Prepend(0), (upper, lower) => upper - lower)];
            _counts = new int[_expected.Length];
        }

        public void Add(double value)
        {
            var at = Array.BinarySearch(_edges, value);
            _counts[at < 0 ? ~at : at]++;
        }

        /// <summary>Σ (seen − expected) · ln(seen / expected); an empty bin counts as half a sample.</summary>
        public double Take()
        {
            var all = _counts.Sum() + 0.5 * _counts.Length;
            var psi = _counts.Select((count, i) => (Seen: (count + 0.5) / all, Expected: _expected[i])).Sum(b => (b.Seen - b.Expected) * Math.Log(b.Seen / b.Expected));
            Array.Clear(_counts);
            return psi;
        }
    }
}
