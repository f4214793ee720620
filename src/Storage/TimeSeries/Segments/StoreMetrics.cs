using System.Diagnostics.Metrics;

namespace Seamless.Storage.TimeSeries.Segments;

/// <summary>What the store tells of itself on the meter <c>Seamless.Storage</c>.</summary>
internal sealed class StoreMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Histogram<double> _seals;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _compactions;

    public StoreMetrics(IMeterFactory? meters, Func<View> view)
    {
        _meter = meters?.Create("Seamless.Storage") ?? new Meter("Seamless.Storage");
        _seals = _meter.CreateHistogram<double>("seamless.store.seal.duration", "s", "Time to write the rows in memory to segments");
        _failures = _meter.CreateCounter<long>("seamless.store.seal.failures", description: "Seals that failed; their rows stay in memory and in the log");
        _compactions = _meter.CreateCounter<long>("seamless.store.compactions", description: "Merges of segments");
        _meter.CreateObservableGauge("seamless.store.head.rows", () => view().Heads.Sum(h => h.Rows), description: "Rows in memory that are not in a segment yet");
        _meter.CreateObservableGauge("seamless.store.head.size", () => view().Heads.Sum(h => h.Bytes), "By", "Memory that those rows take, about");
        _meter.CreateObservableGauge("seamless.store.segments", () => view().Segments.Length, description: "Segment files");
        _meter.CreateObservableGauge("seamless.store.size", () => view().Segments.Sum(s => s.Bytes), "By", "Bytes of the segment files");
    }

    public void Sealed(TimeSpan elapsed) => _seals.Record(elapsed.TotalSeconds);
    public void Failed() => _failures.Add(1);
    public void Compacted() => _compactions.Add(1);
    public void Dispose() => _meter.Dispose();
}
