using Seamless.Telemetry.Rows;

namespace Seamless.Storage.Log;

/// <summary>Records of one partition in their order: samples as rows, what is not a sample beside them.</summary>
/// <remarks>Shared by all who read it, and used again once each has let it go: nobody changes it, nobody keeps it.</remarks>
public sealed class LogBatch
{
    private readonly List<(int RowsBefore, LogEntry Entry)> _others = [];
    private Action<LogBatch>? _free;
    private int _holders;

    /// <summary>Sequence of the first record; the others follow without gaps.</summary>
    public long FirstSequence { get; internal set; }

    public long LastSequence => FirstSequence + Count - 1;

    /// <summary>Records of every kind.</summary>
    public int Count => Rows.Count + _others.Count;

    /// <summary>The samples among them.</summary>
    public SampleRows Rows { get; } = new();

    /// <summary>The records in order.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>The records as objects, for whoever is not in a hurry.</summary>
    public IEnumerable<LogRecord> Records()
    {
        foreach (var record in this)
            yield return new LogRecord(record.Sequence, record.Row >= 0 ? LogEntry.Of(Rows.ToSample(record.Row), Rows.ArrivalsMs[record.Row]) : record.Entry);
    }

    public static LogBatch Of(long firstSequence, IEnumerable<LogEntry> entries)
    {
        var batch = new LogBatch { FirstSequence = firstSequence };
        foreach (var entry in entries) batch.Add(entry);
        return batch;
    }

    internal void Add(in LogEntry entry)
    {
        if (entry.Sample is { } sample) Rows.Add(sample, entry.ArrivalMs);
        else _others.Add((Rows.Count, entry));
    }

    internal void Clear()
    {
        Rows.Clear();
        _others.Clear();
        FirstSequence = 0;
        End = default;
    }

    /// <summary>Where the log goes on behind this batch, so that who falls behind finds the place on the disk.</summary>
    internal (Segment Segment, long Offset) End { get; set; }

    // Holding: the batch goes back where it came from when the last holder lets go.

    internal void Lend(Action<LogBatch> free) => (_free, _holders) = (free, 1);

    internal void Hold() => Interlocked.Increment(ref _holders);

    internal void LetGo()
    {
        if (Interlocked.Decrement(ref _holders) == 0) _free?.Invoke(this);
    }

    /// <param name="Row">The sample's row, −1 for what is not a sample.</param>
    /// <param name="Entry">What is not a sample; otherwise empty.</param>
    public readonly record struct Record(long Sequence, int Row, LogEntry Entry);

    public struct Enumerator
    {
        private readonly LogBatch _batch;
        private int _row;
        private int _other;

        internal Enumerator(LogBatch batch)
        {
            _batch = batch;
            Current = default;
        }

        public Record Current { get; private set; }

        public bool MoveNext()
        {
            var sequence = _batch.FirstSequence + _row + _other;
            if (_other < _batch._others.Count && _batch._others[_other].RowsBefore <= _row)
            {
                Current = new Record(sequence, -1, _batch._others[_other++].Entry);
                return true;
            }
            if (_row == _batch.Rows.Count) return false;
            Current = new Record(sequence, _row++, default);
            return true;
        }
    }
}
