using System.Diagnostics.Metrics;

namespace Seamless.Ingest.Ledger;

/// <summary>The ledger's numbers, meter <c>Seamless.Ingest</c>.</summary>
internal sealed class LedgerMetrics : IDisposable
{
    private readonly Meter _meter = new("Seamless.Ingest");
    private readonly Counter<long> _duplicates;

    public LedgerMetrics(Func<(long Gaps, long Numbers)> totals)
    {
        _meter.CreateObservableGauge("seamless.ingest.gaps", () => totals().Gaps, "{gap}", "Open gaps in the devices' sequence numbers");
        _meter.CreateObservableGauge("seamless.ingest.gaps.missing", () => totals().Numbers, "{sample}", "Samples that are missing in them");
        _duplicates = _meter.CreateCounter<long>("seamless.ingest.duplicates", "{sample}", "Samples without a time of their own that came again and were dropped");
    }

    public void Duplicate() => _duplicates.Add(1);
    public void Dispose() => _meter.Dispose();
}
