namespace Seamless.Telemetry.Rows;

/// <summary>Many samples laid out by column: what the way of a sample carries instead of an object a sample. One owner at a time; used again after <see cref="Clear"/>.</summary>
/// <remarks>
/// Row i is one device at one instant; its readings stand at <see cref="FirstReading"/>(i) up to <see cref="ReadingEnds"/>[i] in
/// <see cref="Metrics"/>, <see cref="Values"/>, <see cref="Qualities"/> and <see cref="States"/>. Devices and metrics are <see cref="Numbers"/>.
/// The spans are valid until the next call that adds or clears.
/// </remarks>
public sealed class SampleRows
{
    /// <summary>Stands in <see cref="Sequences"/> for a sample without a counter.</summary>
    public const long NoSequence = long.MinValue;

    private int[] _devices;
    private long[] _timestampsMs;
    private long[] _arrivalsMs;
    private long[] _sequences;
    private int[] _ends;
    private int[] _metrics;
    private double[] _values;
    private Quality[] _qualities;
    private string?[] _states;
    private int _readings;

    public SampleRows(int rows = 256, int readingsPerRow = 6)
    {
        (_devices, _timestampsMs, _arrivalsMs, _sequences, _ends) = (new int[rows], new long[rows], new long[rows], new long[rows], new int[rows]);
        var readings = Math.Max(16, rows * readingsPerRow);
        (_metrics, _values, _qualities, _states) = (new int[readings], new double[readings], new Quality[readings], new string?[readings]);
    }

    public int Count { get; private set; }

    /// <summary>Readings of all rows together.</summary>
    public int ReadingCount { get; private set; }

    /// <summary>Device numbers.</summary>
    public ReadOnlySpan<int> Devices => _devices.AsSpan(0, Count);

    /// <summary>Event time, Unix milliseconds.</summary>
    public ReadOnlySpan<long> TimestampsMs => _timestampsMs.AsSpan(0, Count);

    /// <summary>Our clock when the sample came in, Unix milliseconds.</summary>
    public ReadOnlySpan<long> ArrivalsMs => _arrivalsMs.AsSpan(0, Count);

    /// <summary>The device's own counter, or <see cref="NoSequence"/>.</summary>
    public ReadOnlySpan<long> Sequences => _sequences.AsSpan(0, Count);

    /// <summary>Where each row's readings end.</summary>
    public ReadOnlySpan<int> ReadingEnds => _ends.AsSpan(0, Count);

    /// <summary>Metric numbers, a reading each.</summary>
    public ReadOnlySpan<int> Metrics => _metrics.AsSpan(0, ReadingCount);

    /// <summary>The numbers; NaN where the reading is a state.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, ReadingCount);

    public ReadOnlySpan<Quality> Qualities => _qualities.AsSpan(0, ReadingCount);

    /// <summary>The text of a state reading, null for a number.</summary>
    public ReadOnlySpan<string?> States => _states.AsSpan(0, ReadingCount);

    /// <summary>Where the row's readings begin.</summary>
    public int FirstReading(int row) => row == 0 ? 0 : _ends[row - 1];

    // Adding: Begin, readings, then End or Cancel

    /// <summary>Begins a row. Nothing of it is seen before <see cref="End"/>.</summary>
    public void Begin(int device, long timestampMs, long arrivalMs, long sequence)
    {
        if (Count == _devices.Length) GrowRows();
        _devices[Count] = device;
        _timestampsMs[Count] = timestampMs;
        _arrivalsMs[Count] = arrivalMs;
        _sequences[Count] = sequence;
        _readings = ReadingCount;
    }

    /// <summary>Changes what <see cref="Begin"/> said: the members of a payload come in any order.</summary>
    public void Restamp(long timestampMs, long sequence)
    {
        _timestampsMs[Count] = timestampMs;
        _sequences[Count] = sequence;
    }

    public void Add(int metric, double value, Quality quality = Quality.Good)
    {
        if (_readings == _metrics.Length) GrowReadings();
        _metrics[_readings] = metric;
        _values[_readings] = value;
        _qualities[_readings] = quality;
        _readings++;
    }

    public void AddState(int metric, string state, Quality quality = Quality.Good)
    {
        Add(metric, double.NaN, quality);
        _states[_readings - 1] = state;
    }

    /// <summary>How many readings the row that is being added has so far.</summary>
    public int Pending => _readings - ReadingCount;

    /// <summary>The place of <paramref name="metric"/> in the row that is being added; −1 when it is not there yet.</summary>
    public int FindPending(int metric)
    {
        var at = _metrics.AsSpan(ReadingCount, Pending).IndexOf(metric);
        return at < 0 ? -1 : ReadingCount + at;
    }

    /// <summary>Overwrites a reading of the row that is being added: a name given twice, of which the last stands.</summary>
    public void Replace(int reading, double value, string? state)
    {
        _values[reading] = value;
        _states[reading] = state;
    }

    public void End()
    {
        ReadingCount = _readings;
        _ends[Count++] = _readings;
    }

    /// <summary>Takes back the row that was begun.</summary>
    public void Cancel()
    {
        _states.AsSpan(ReadingCount, Pending).Clear();
        _readings = ReadingCount;
    }

    /// <summary>Takes back whole rows, the newest first, until <paramref name="rows"/> are left.</summary>
    public void Truncate(int rows)
    {
        Cancel();
        if (rows >= Count) return;
        var readings = rows == 0 ? 0 : _ends[rows - 1];
        _states.AsSpan(readings, ReadingCount - readings).Clear();
        (Count, ReadingCount, _readings) = (rows, readings, readings);
    }

    /// <summary>Adds a row from a sample.</summary>
    public void Add(Sample sample, long arrivalMs)
    {
        Begin(Numbers.Devices.Of(sample.Device), sample.TimestampMs, arrivalMs, sample.Sequence ?? NoSequence);
        for (var i = 0; i < sample.Readings.Count; i++)
        {
            var reading = sample.Readings[i];
            var metric = Numbers.Metrics.Of(reading.Metric);
            if (reading.State is { } state) AddState(metric, state, reading.Quality);
            else Add(metric, reading.Value, reading.Quality);
        }
        End();
    }

    /// <summary>Adds a row of another batch.</summary>
    public void Add(SampleRows other, int row)
    {
        Begin(other._devices[row], other._timestampsMs[row], other._arrivalsMs[row], other._sequences[row]);
        for (var i = other.FirstReading(row); i < other._ends[row]; i++)
        {
            Add(other._metrics[i], other._values[i], other._qualities[i]);
            if (other._states[i] is { } state) _states[_readings - 1] = state;
        }
        End();
    }

    /// <summary>The row as an object, for whoever is not in a hurry.</summary>
    public Sample ToSample(int row)
    {
        var first = FirstReading(row);
        var readings = new Reading[_ends[row] - first];
        for (var i = 0; i < readings.Length; i++)
            readings[i] = new Reading(Numbers.Metrics[_metrics[first + i]], _values[first + i], _states[first + i], _qualities[first + i]);
        return new Sample(Numbers.Devices[_devices[row]], _timestampsMs[row], _sequences[row] == NoSequence ? null : _sequences[row], readings);
    }

    public void Clear()
    {
        Cancel();
        _states.AsSpan(0, ReadingCount).Clear();
        (Count, ReadingCount, _readings) = (0, 0, 0);
    }

    private void GrowRows()
    {
        var size = Count * 2;
        Array.Resize(ref _devices, size);
        Array.Resize(ref _timestampsMs, size);
        Array.Resize(ref _arrivalsMs, size);
        Array.Resize(ref _sequences, size);
        Array.Resize(ref _ends, size);
    }

    private void GrowReadings()
    {
        var size = _readings * 2;
        Array.Resize(ref _metrics, size);
        Array.Resize(ref _values, size);
        Array.Resize(ref _qualities, size);
        Array.Resize(ref _states, size);
    }
}
