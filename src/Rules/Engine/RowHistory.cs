using System.Diagnostics.CodeAnalysis;
using System.Text;
using Seamless.Analytics.Evaluation;

namespace Seamless.Rules.Engine;

/// <summary>The recent rows of one device in order of event time, and how its state was before them: what is needed to judge again from where a late row belongs.</summary>
/// <remarks>Two copies of the state are kept, the newer about half as old as the older; rows go when both have passed them.</remarks>
internal sealed class RowHistory
{
    private const int MostRows = 4;

    private readonly RuleState _state;
    private readonly int _width;
    private readonly int _rowsBetween;
    private readonly List<(long AtMs, string Code)> _events = [];
    private long[] _times = new long[4];
    private double[] _values;   // NaN where a row says nothing of the metric, ∞ where its quality is bad
    private int _count;
    private int _sinceCopy;
    private bool _newerIsStale;
    private Copy _older;
    private Copy _newer;

    /// <param name="scores">Scores of models, kept beside the readings: a model is not asked twice.</param>
    public RowHistory(RuleState state, int scores, int rows)
    {
        (_state, _width, _rowsBetween) = (state, state.Program.Metrics.Length + scores, rows);
        _values = new double[_times.Length * _width];
        _older = _newer = Copy.Of(state, long.MinValue);
    }

    /// <summary>What is at or before this can no longer be judged again.</summary>
    public long FloorMs => _older.AtMs;

    /// <summary>Newest event time of what the device told of itself.</summary>
    public long NewestEventMs { get; private set; } = long.MinValue;

    public int Count => _count;
    public long TimeOf(int row) => _times[row];
    public ReadOnlySpan<double> ValuesOf(int row) => _values.AsSpan(row * _width, _width);

    /// <summary>The row of that time, a new and empty one when there is none.</summary>
    public int RowAt(long timestampMs)
    {
        var at = _count == 0 || timestampMs > _times[_count - 1] ? ~_count : Array.BinarySearch(_times, 0, _count, timestampMs);
        if (at >= 0) return at;
        at = ~at;
        if (_count == _times.Length) Grow();
        Array.Copy(_times, at, _times, at + 1, _count - at);
        Array.Copy(_values, at * _width, _values, (at + 1) * _width, (_count - at) * _width);
        _times[at] = timestampMs;
        _values.AsSpan(at * _width, _width).Fill(double.NaN);
        _count++;
        return at;
    }

    public bool Has(long timestampMs) => Array.BinarySearch(_times, 0, _count, timestampMs) >= 0;

    /// <summary>Whether the row says the same already.</summary>
    public bool Says(long timestampMs, int metric, double value)
    {
        var row = Array.BinarySearch(_times, 0, _count, timestampMs);
        return row >= 0 && _values[row * _width + metric].Equals(value);
    }

    public void Set(int row, int column, double value) => _values[row * _width + column] = value;

    public void AddEvent(long timestampMs, string code)
    {
        var at = _events.FindIndex(e => e.AtMs > timestampMs);
        _events.Insert(at < 0 ? _events.Count : at, (timestampMs, code));
        NewestEventMs = Math.Max(NewestEventMs, timestampMs);
    }

    public bool HasEvent(long timestampMs, string code) => _events.Contains((timestampMs, code));

    public IEnumerable<(long AtMs, string Code)> EventsAfter(long timestampMs) => _events.Where(e => e.AtMs > timestampMs);

    /// <summary>A row in order was judged: now and then the state is copied and old rows go.</summary>
    public void Passed()
    {
        if (++_sinceCopy < _rowsBetween) return;
        if (_count > MostRows * _rowsBetween) Restart();   // late rows come faster than the past can be left behind
        else CopyNow();
    }

    private void CopyNow()
    {
        _sinceCopy = 0;
        var spare = ReferenceEquals(_older, _newer) ? null : _older;
        _older = _newer;
        _newer = Copy.Of(_state, Math.Max(_state.NewestMs, NewestEventMs), spare);
        Forget(_older.AtMs);
    }

    /// <summary>Whether something of that time can be judged now without making a copy wrong.</summary>
    public bool IsAfterCopies(long timestampMs) => timestampMs > _newer.AtMs;

    /// <summary>From now on only what is newer than now can be judged again.</summary>
    public void Restart()
    {
        _older = _newer = Copy.Of(_state, Math.Max(_state.NewestMs, NewestEventMs));
        Forget(_older.AtMs);
        _sinceCopy = 0;
    }

    /// <summary>The first row after that time.</summary>
    public int FirstAfter(long timestampMs)
    {
        var row = 0;
        while (row < _count && _times[row] <= timestampMs) row++;
        return row;
    }

    private void Forget(long untilMs)
    {
        var gone = FirstAfter(untilMs);
        _count -= gone;
        Array.Copy(_times, gone, _times, 0, _count);
        Array.Copy(_values, gone * _width, _values, 0, _count * _width);
        var past = 0;
        while (past < _events.Count && _events[past].AtMs <= untilMs) past++;
        _events.RemoveRange(0, past);
    }

    /// <summary>Sets the state back to the newest copy before <paramref name="timestampMs"/>.</summary>
    /// <returns>The time of the copy: every row and event after it is to be judged again, with <see cref="Passing"/> before each and at the end.</returns>
    public long SetBack(long timestampMs)
    {
        var copy = timestampMs > _newer.AtMs ? _newer : _older;
        copy.Restore(_state);
        _newerIsStale = !ReferenceEquals(copy, _newer);
        return copy.AtMs;
    }

    /// <summary>Judging again is about to go past this time: the newer copy is taken again where it stood.</summary>
    public void Passing(long timestampMs)
    {
        if (!_newerIsStale || timestampMs <= _newer.AtMs) return;
        _newerIsStale = false;
        _newer = Copy.Of(_state, _newer.AtMs, _newer);
    }

    private void Grow()
    {
        Array.Resize(ref _times, _times.Length * 2);
        Array.Resize(ref _values, _times.Length * _width);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(NewestEventMs);
        writer.Write(_sinceCopy);
        writer.Write(_width);
        writer.Write(_count);
        for (var row = 0; row < _count; row++)
        {
            writer.Write(_times[row]);
            foreach (var value in ValuesOf(row)) writer.Write(value);
        }
        writer.Write(_events.Count);
        foreach (var (atMs, code) in _events)
        {
            writer.Write(atMs);
            writer.Write(code);
        }
        writer.Write(ReferenceEquals(_older, _newer));
        _older.Write(writer);
        if (!ReferenceEquals(_older, _newer)) _newer.Write(writer);
    }

    public void Read(BinaryReader reader)
    {
        NewestEventMs = reader.ReadInt64();
        _sinceCopy = reader.ReadInt32();
        var width = reader.ReadInt32();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var row = RowAt(reader.ReadInt64());
            for (var column = 0; column < width; column++) Set(row, column, reader.ReadDouble());
        }
        for (var count = reader.ReadInt32(); count > 0; count--) AddEvent(reader.ReadInt64(), reader.ReadString());
        var one = reader.ReadBoolean();
        _older = Copy.Read(reader);
        _newer = one ? _older : Copy.Read(reader);
    }

    /// <summary>A device's state as it was after all that is not newer than a time.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "A memory stream holds nothing but memory")]
    private sealed class Copy
    {
        private readonly MemoryStream _detectors = new();
        private readonly BinaryWriter _writer;
        private readonly BinaryReader _reader;
        private byte[] _block = [];

        [SuppressMessage("Reliability", "CA2000", Justification = "They hold nothing but memory")]
        private Copy() => (_writer, _reader) = (new BinaryWriter(_detectors, Encoding.UTF8, leaveOpen: true), new BinaryReader(_detectors, Encoding.UTF8, leaveOpen: true));

        public long AtMs { get; private set; }

        public static Copy Of(RuleState state, long atMs, Copy? into = null)
        {
            var copy = into ?? new Copy();
            copy.AtMs = atMs;
            if (copy._block.Length != state.Bytes.Length) copy._block = new byte[state.Bytes.Length];
            state.Bytes.CopyTo(copy._block);
            copy._detectors.SetLength(0);
            foreach (var detector in state.Detectors) detector?.Snapshot(copy._writer);
            return copy;
        }

        public void Restore(RuleState state)
        {
            state.Restore(_block);
            _detectors.Position = 0;
            foreach (var detector in state.Detectors) detector?.Restore(_reader);
        }

        public void Write(BinaryWriter writer)
        {
            writer.Write(AtMs);
            writer.Write(_block.Length);
            writer.Write(_block);
            writer.Write((int)_detectors.Length);
            writer.Write(_detectors.GetBuffer(), 0, (int)_detectors.Length);
        }

        public static Copy Read(BinaryReader reader)
        {
            var copy = new Copy { AtMs = reader.ReadInt64() };
            copy._block = reader.ReadBytes(reader.ReadInt32());
            copy._detectors.Write(reader.ReadBytes(reader.ReadInt32()));
            return copy;
        }
    }
}
