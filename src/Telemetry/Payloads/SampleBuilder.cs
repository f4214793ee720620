namespace Seamless.Telemetry.Payloads;

/// <summary>Collects what a decoder finds in one sample and settles what is kept: the same rules for every encoding.</summary>
internal sealed class SampleBuilder(DecoderOptions options)
{
    private const int LinearSearchLimit = 16;

    /// <summary>One message may be wrong in millions of places. Beyond these the letter tells enough.</summary>
    private const int MaxRejects = 1000;

    private readonly List<Reading> _readings = [];
    private readonly List<Reject> _rejects = [];
    private readonly Dictionary<string, int> _index = [];
    private long? _timestampMs;
    private Reject? _fatal;
    private int _members;

    public long? Sequence { get; set; }

    /// <summary>What is wrong with the sequence number, when it is not one. It costs the sample its number, not its values.</summary>
    public Reject? SequenceFault { get; set; }

    public void Begin()
    {
        DropValues();
        _timestampMs = null;
        _fatal = null;
        Sequence = null;
        SequenceFault = null;
    }

    /// <summary>Forgets the values so far: they turned out to stand beside <c>values</c>, not to be some.</summary>
    public void DropValues()
    {
        _readings.Clear();
        _rejects.Clear();
        _index.Clear();
        _members = 0;
    }

    public void Timestamp(long unixMs) => _timestampMs = unixMs;

    /// <summary>Refuses the whole sample. The first reason stands.</summary>
    public void Refuse(RejectReason reason, int position, string detail) => _fatal ??= new Reject(reason, position, null, detail);

    public void RefuseValue(RejectReason reason, int position, string metric, string detail)
    {
        _members++;
        List(_rejects, new Reject(reason, position, metric, detail));
    }

    /// <summary>Adds to a message's rejects, up to a thousand; the last one then says that there are more.</summary>
    public static void List(List<Reject> rejects, Reject reject)
    {
        if (rejects.Count < MaxRejects) rejects.Add(reject);
        else if (rejects.Count == MaxRejects) rejects.Add(new Reject(RejectReason.TooLarge, reject.Position, null, $"more than {MaxRejects} faults; from here on they are not listed"));
    }

    public void Number(string metric, double value, int position)
    {
        if (!double.IsFinite(value)) RefuseValue(RejectReason.NotANumber, position, metric, "not a finite number");
        else if (Accepts(metric, position)) Put(new Reading(metric, value));
    }

    public void State(string metric, string text, int utf8Bytes, int position)
    {
        if (utf8Bytes > options.MaxStateBytes) RefuseValue(RejectReason.TooLarge, position, metric, $"a text of more than {options.MaxStateBytes} bytes");
        else if (Accepts(metric, position)) Put(new Reading(metric, double.NaN, text));
    }

    private bool Accepts(string metric, int position)
    {
        if (metric.Length is > 0 and <= DeviceKey.MaxNameLength) return true;
        RefuseValue(RejectReason.BadMetricName, position, metric.Length == 0 ? metric : metric[..DeviceKey.MaxNameLength],
            metric.Length == 0 ? "the name is empty" : $"the name is longer than {DeviceKey.MaxNameLength} characters");
        return false;
    }

    /// <summary>A name given twice: the last one wins, as with two samples of the same instant.</summary>
    private void Put(in Reading reading)
    {
        _members++;
        var at = Find(reading.Metric);
        if (at >= 0)
        {
            _readings[at] = reading;
            return;
        }
        if (_readings.Count >= LinearSearchLimit) _index[reading.Metric] = _readings.Count;
        _readings.Add(reading);
    }

    private int Find(string metric)
    {
        var linear = Math.Min(_readings.Count, LinearSearchLimit);
        for (var i = 0; i < linear; i++)
            if (_readings[i].Metric == metric) return i;
        return _readings.Count > LinearSearchLimit && _index.TryGetValue(metric, out var at) ? at : -1;
    }

    /// <param name="position">Where the sample begins.</param>
    public void End(in DeviceKey device, int position, long arrivalMs, List<Sample> samples, List<Reject> rejects)
    {
        var fatal = _fatal ?? TimestampFault(position, arrivalMs) ?? EmptyFault(position);
        if (fatal is not null)
        {
            List(rejects, fatal);
            return;
        }
        if (SequenceFault is not null) List(rejects, SequenceFault);
        foreach (var reject in _rejects) List(rejects, reject);
        if (_readings.Count > 0) samples.Add(new Sample(device, _timestampMs ?? arrivalMs, Sequence, _readings.ToArray()) { IsTimedByArrival = _timestampMs is null });
    }

    private Reject? TimestampFault(int position, long arrivalMs) =>
        _timestampMs is { } unixMs ? JsonTime.Fault(unixMs, position, arrivalMs, options) : null;

    private Reject? EmptyFault(int position) => _members == 0 ? new Reject(RejectReason.WrongShape, position, null, "a sample without values") : null;
}
