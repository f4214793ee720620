using Seamless.Storage.Log;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest.Dialects.Sparkplug;

/// <summary>What one Sparkplug message comes to.</summary>
internal sealed class Taken(long arrivalMs)
{
    /// <summary>Whoever sends a hundred bad metrics in one message knows by then; a report of each would cost more than the message.</summary>
    private const int MaxRejects = 100;

    private readonly Dictionary<(DeviceKey Device, long TimestampMs), Gathered> _samples = [];
    private readonly List<Reject> _rejects = [];
    private int _unlisted;

    private sealed class Gathered
    {
        public List<Reading> Readings { get; } = [];
        public Dictionary<string, int> Places { get; } = new(StringComparer.Ordinal);
    }

    public long ArrivalMs => arrivalMs;
    public List<DeviceState> States { get; } = [];

    /// <summary>Writes that this message shows to have had their effect.</summary>
    public List<PendingCommand> Fulfilled { get; } = [];

    /// <summary>Whose unanswered commands may go out again now.</summary>
    public List<DeviceKey> Resend { get; } = [];

    /// <summary>What the node must be asked for; null when all is well.</summary>
    public string? RebirthReason { get; set; }
    public bool IsBirthOfNode { get; set; }

    public int Samples => _samples.Count;

    /// <summary>A metric given twice for one instant: the last one stands.</summary>
    public void Add(DeviceKey device, long timestampMs, Reading reading)
    {
        if (!_samples.TryGetValue((device, timestampMs), out var gathered)) _samples[(device, timestampMs)] = gathered = new Gathered();
        if (gathered.Places.TryAdd(reading.Metric, gathered.Readings.Count)) gathered.Readings.Add(reading);
        else gathered.Readings[gathered.Places[reading.Metric]] = reading;
    }

    public void Refuse(Reject reject)
    {
        if (_rejects.Count < MaxRejects) _rejects.Add(reject);
        else _unlisted++;
    }

    public void Refuse(RejectReason reason, int position, string? metric, string detail) => Refuse(new Reject(reason, position, metric, detail));

    public IReadOnlyList<Reject> Rejects =>
        _unlisted == 0 ? _rejects : [.. _rejects, new Reject(RejectReason.TooLarge, -1, null, $"and {_unlisted} metrics more that could not be used")];

    public List<LogEntry> Entries() =>
    [
        .. _samples.Select(sample => LogEntry.Of(new Sample(sample.Key.Device, sample.Key.TimestampMs, null, sample.Value.Readings), arrivalMs)),
        .. States.Select(state => LogEntry.Of(state, arrivalMs)),
    ];
}
