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
    private readonly int _rowsBetween;
    private readonly List<(long AtMs, string Code)> _events = [];
    private Chunk _before;   // rows up to the newer copy
    private Chunk _after;    // rows after it
    private long _lastMs = long.MinValue;
    private int _sinceCopy;
    private bool _newerIsStale;
    private Copy _older;
    private Copy _newer;

    /// <param name="others">Columns beside the readings: the scores of models, which are not asked twice, and what was known of the machine's peers.</param>
    public RowHistory(RuleState state, int others, int rows)
    {
        (_state, _rowsBetween) = (state, rows);
        (_before, _after) = (new Chunk(1 + state.Program.Metrics.Length + others), new Chunk(1 + state.Program.Metrics.Length + others));
        _older = _newer = Copy.Of(state, long.MinValue);
    }

    /// <summary>What is at or before this can no longer be judged again.</summary>
    public long FloorMs => _older.AtMs;

    /// <summary>Newest event time of what the device told of itself.</summary>
    public long NewestEventMs { get; private set; } = long.MinValue;

    public int Count => _before.Count + _after.Count;

    public long TimeOf(int row) => row < _before.Count ? _before.TimeOf(row) : _after.TimeOf(row - _before.Count);

    /// <summary>What the row says, column by column: NaN where it says nothing, ∞ where the quality is bad. Valid until a row is added or goes.</summary>
    public Span<double> ValuesOf(int row) => row < _before.Count ? _before.ValuesOf(row) : _after.ValuesOf(row - _before.Count);

    /// <summary>The row of that time, a new and empty one in its place when there is none.</summary>
    public Span<double> RowAt(long timestampMs)
    {
        if (timestampMs <= _lastMs) return timestampMs <= _newer.AtMs ? _before.RowAt(timestampMs) : _after.RowAt(timestampMs);
        _lastMs = timestampMs;
        return _after.Append(timestampMs);
    }

    /// <summary>Where the next row will be written.</summary>
    public ref double Next => ref _after.Next;

    /// <summary>Whether the row says the same already.</summary>
    public bool Says(long timestampMs, int metric, double value)
    {
        var row = FirstAfter(timestampMs - 1);
        return row < Count && TimeOf(row) == timestampMs && ValuesOf(row)[metric].Equals(value);
    }

    public void AddEvent(long timestampMs, string code)
    {
        var at = _events.FindIndex(e => e.AtMs > timestampMs);
        _events.Insert(at < 0 ? _events.Count : at, (timestampMs, code));
        NewestEventMs = Math.Max(NewestEventMs, timestampMs);
    }

    public bool HasEvent(long timestampMs, string code) => _events.Contains((timestampMs, code));

    public IEnumerable<(long AtMs, string Code)> EventsAfter(long timestampMs) => _events.Where(e => e.AtMs > timestampMs);

    /// <summary>A row in order was judged: now and then the state is copied and old rows go.</summary>
    /// <returns>True when the newer copy must be taken again before that can be done: judge again from <see cref="SetBack"/>, and call this once more.</returns>
    public bool Passed()
    {
        if (++_sinceCopy < _rowsBetween) return false;
        if (Count > MostRows * _rowsBetween) Restart();   // late rows come faster than the past can be left behind
        else if (_newerIsStale) return true;
        else CopyNow();
        return false;
    }

    /// <summary>The state took a reading of that time out of order, without consequence for anything else: a copy that stood after it and had not heard of the metric since lacks it now.</summary>
    public void Changed(long timestampMs, int metric) => _newerIsStale |= timestampMs <= _newer.AtMs && _newer.JudgedMs(_state, metric) < timestampMs;

    private void CopyNow()
    {
        _sinceCopy = 0;
        var spare = ReferenceEquals(_older, _newer) ? null : _older;
        _older = _newer;
        _newer = Copy.Of(_state, Math.Max(_state.NewestMs, NewestEventMs), spare);
        (_before, _after) = (_after, _before);
        _after.Clear();
        ForgetEvents();
    }

    /// <summary>From now on only what is newer than now can be judged again.</summary>
    public void Restart()
    {
        _older = _newer = Copy.Of(_state, Math.Max(_state.NewestMs, NewestEventMs));
        _before.Clear();
        _after.Clear();
        _newerIsStale = false;
        ForgetEvents();
        _sinceCopy = 0;
    }

    /// <summary>The first row after that time.</summary>
    public int FirstAfter(long timestampMs) =>
        timestampMs < _newer.AtMs ? _before.FirstAfter(timestampMs) : _before.Count + _after.FirstAfter(timestampMs);

    private void ForgetEvents()
    {
        var past = 0;
        while (past < _events.Count && _events[past].AtMs <= _older.AtMs) past++;
        _events.RemoveRange(0, past);
    }

    /// <summary>Sets the state back to the newest copy before <paramref name="timestampMs"/>.</summary>
    /// <returns>The time of the copy: every row and event after it is to be judged again, with <see cref="Passing"/> before each and at the end.</returns>
    public long SetBack(long timestampMs)
    {
        var copy = timestampMs > _newer.AtMs && !_newerIsStale ? _newer : _older;
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

    public void Write(BinaryWriter writer)
    {
        writer.Write(NewestEventMs);
        writer.Write(_newerIsStale);
        writer.Write(_sinceCopy);
        writer.Write(_lastMs);
        _before.Write(writer);
        _after.Write(writer);
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
        _newerIsStale = reader.ReadBoolean();
        _sinceCopy = reader.ReadInt32();
        _lastMs = reader.ReadInt64();
        _before.Read(reader);
        _after.Read(reader);
        for (var count = reader.ReadInt32(); count > 0; count--) AddEvent(reader.ReadInt64(), reader.ReadString());
        var one = reader.ReadBoolean();
        _older = Copy.Read(reader);
        _newer = one ? _older : Copy.Read(reader);
    }

    /// <summary>Rows in order of time, one behind the other.</summary>
    private struct Chunk(int stride)
    {
        private double[] _rows = new double[2 * stride];   // a row: its time, then a value for each column

        public int Count { get; private set; }

        /// <summary>Where the next row will be written.</summary>
        public readonly ref double Next => ref _rows[Math.Min(Count * stride, _rows.Length - 1)];

        public readonly long TimeOf(int row) => BitConverter.DoubleToInt64Bits(_rows[row * stride]);

        public readonly Span<double> ValuesOf(int row) => _rows.AsSpan(row * stride + 1, stride - 1);

        public Span<double> Append(long timestampMs)
        {
            if ((Count + 1) * stride > _rows.Length) Array.Resize(ref _rows, _rows.Length * 2);
            var row = _rows.AsSpan(Count++ * stride, stride);
            row.Fill(double.NaN);
            row[0] = BitConverter.Int64BitsToDouble(timestampMs);
            return row[1..];
        }

        public Span<double> RowAt(long timestampMs)
        {
            var row = FirstAfter(timestampMs - 1);
            if (row < Count && TimeOf(row) == timestampMs) return ValuesOf(row);
            Append(timestampMs);
            if (row == Count - 1) return ValuesOf(row);
            Array.Copy(_rows, row * stride, _rows, (row + 1) * stride, (Count - 1 - row) * stride);
            _rows[row * stride] = BitConverter.Int64BitsToDouble(timestampMs);
            ValuesOf(row).Fill(double.NaN);
            return ValuesOf(row);
        }

        public readonly int FirstAfter(long timestampMs)
        {
            var (low, high) = (0, Count);
            while (low < high)
            {
                var middle = (low + high) >> 1;
                if (TimeOf(middle) <= timestampMs) low = middle + 1;
                else high = middle;
            }
            return low;
        }

        public void Clear() => Count = 0;

        public readonly void Write(BinaryWriter writer)
        {
            writer.Write(Count);
            foreach (var word in _rows.AsSpan(0, Count * stride)) writer.Write(BitConverter.DoubleToInt64Bits(word));
        }

        public void Read(BinaryReader reader)
        {
            Count = reader.ReadInt32();
            _rows = new double[Math.Max(2, Count) * stride];
            for (var i = 0; i < Count * stride; i++) _rows[i] = BitConverter.Int64BitsToDouble(reader.ReadInt64());
        }
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

        public long JudgedMs(RuleState state, int metric) => state.JudgedMsIn(_block, metric);

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
