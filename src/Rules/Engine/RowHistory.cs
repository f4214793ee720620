using System.Diagnostics.CodeAnalysis;
using System.Text;
using Seamless.Analytics.Evaluation;

namespace Seamless.Rules.Engine;

/// <summary>The recent rows of one device in order of event time, and how its state was now and then between them: what is needed to judge again from where a late row belongs.</summary>
/// <remarks>
/// Most late rows are late by a few: the state is copied often, so that little is judged again. A state with detectors is large, and copied seldom.
/// The oldest copy and the rows after it go when there are enough newer ones.
/// </remarks>
internal sealed class RowHistory
{
    private const int MostRows = 4;
    private const int CopiesBetween = 4;

    /// <summary>A device that told an instant in several messages is taken to go on doing so for that many rows.</summary>
    private const int SplitsLast = 64;

    private readonly RuleState _state;
    private readonly int _rows;
    private readonly int _rowsBetween;
    private readonly int _stride;
    private readonly List<(long AtMs, string Code)> _events = [];
    private readonly Chunk[] _chunks;   // rows after the copy of the same place, up to the next
    private readonly Copy[] _copies;    // the first is never stale
    private int _used = 1;
    private int _stale;                 // how many copies are
    private long _lastMs = long.MinValue;
    private int _sinceCopy;
    private int _retakeFrom;            // of the copies, while rows are judged again
    private int _splitsFor;
    private Copy? _beforeNewest;        // of a device that splits its instants
    private bool _isBeforeNewest;       // whether that copy is to be used

    /// <param name="others">Columns beside the readings: the scores of models, which are not asked twice, and what was known of the machine's peers.</param>
    /// <param name="rows">So many rows at least can be judged again.</param>
    public RowHistory(RuleState state, int others, int rows)
    {
        (_state, _rows, _stride) = (state, rows, 1 + state.Program.Metrics.Length + others);
        var between = state.HasDetectors ? 1 : Math.Min(CopiesBetween, rows);
        _rowsBetween = (rows + between - 1) / between;
        (_chunks, _copies) = (new Chunk[between + 1], new Copy[between + 1]);
        (_chunks[0], _copies[0]) = (new Chunk(_stride), Copy.Of(state, long.MinValue));
    }

    /// <summary>What is at or before this can no longer be judged again.</summary>
    public long FloorMs => _copies[0].AtMs;

    /// <summary>Newest event time of what the device told of itself.</summary>
    public long NewestEventMs { get; private set; } = long.MinValue;

    public int Count => FirstOf(_used);

    public long TimeOf(int row) => ChunkOf(ref row).TimeOf(row);

    /// <summary>What the row says, column by column: NaN where it says nothing, ∞ where the quality is bad. Valid until a row is added or goes.</summary>
    public Span<double> ValuesOf(int row) => ChunkOf(ref row).ValuesOf(row);

    /// <summary>The row of that time, a new and empty one in its place when there is none.</summary>
    public Span<double> RowAt(long timestampMs)
    {
        if (timestampMs <= _lastMs) return _chunks[LastBefore(timestampMs)].RowAt(timestampMs);
        _lastMs = timestampMs;
        return _chunks[_used - 1].Append(timestampMs);
    }

    /// <summary>Where the next row will be written.</summary>
    public ref double Next => ref _chunks[_used - 1].Next;

    /// <summary>What the row of that time says; empty when there is none.</summary>
    public ReadOnlySpan<double> Find(long timestampMs)
    {
        ref var chunk = ref _chunks[LastBefore(timestampMs)];
        var row = chunk.FirstAfter(timestampMs - 1);
        return row < chunk.Count && chunk.TimeOf(row) == timestampMs ? chunk.ValuesOf(row) : [];
    }

    /// <summary>A row newer than all is about to be judged: of a device that splits its instants the state is copied, as more may come of the same instant.</summary>
    public void Coming()
    {
        _isBeforeNewest = _splitsFor > 0;
        if (_splitsFor-- > 0) _beforeNewest = Copy.Of(_state, Math.Max(_state.NewestMs, NewestEventMs), _beforeNewest);
        else _splitsFor = 0;
    }

    /// <summary>More came of an instant that has been judged.</summary>
    public void Splits(long timestampMs)
    {
        if (timestampMs == _lastMs) _splitsFor = SplitsLast;
    }

    public void AddEvent(long timestampMs, string code)
    {
        var at = _events.FindIndex(e => e.AtMs > timestampMs);
        _events.Insert(at < 0 ? _events.Count : at, (timestampMs, code));
        NewestEventMs = Math.Max(NewestEventMs, timestampMs);
    }

    public bool HasEvent(long timestampMs, string code) => _events.Contains((timestampMs, code));

    public IEnumerable<(long AtMs, string Code)> EventsAfter(long timestampMs) => _events.Count == 0 ? [] : _events.Where(e => e.AtMs > timestampMs);

    /// <summary>A row in order was judged: now and then the state is copied and old rows go.</summary>
    /// <returns>True when a copy must be taken again before that can be done: judge again from the floor, and call this once more.</returns>
    public bool Passed()
    {
        if (++_sinceCopy < _rowsBetween) return false;
        if (Count > MostRows * _rows) Restart();   // late rows come faster than the past can be left behind
        else if (_used == _copies.Length && _copies[1].IsStale) return true;
        else CopyNow();
        return false;
    }

    /// <summary>The state took a reading of that time out of order, without consequence for anything else: a copy that stood after it and had not heard of the metric since lacks it now.</summary>
    public void Changed(long timestampMs, int metric)
    {
        _isBeforeNewest = false;
        for (var i = _used - 1; i > 0 && timestampMs <= _copies[i].AtMs; i--)
            if (_copies[i].JudgedMs(_state, metric) < timestampMs) Doubt(_copies[i]);
    }

    private void Doubt(Copy copy)
    {
        if (!copy.IsStale) _stale++;
        copy.IsStale = true;
    }

    private void CopyNow()
    {
        _sinceCopy = 0;
        if (_used == _copies.Length) Forget();
        _copies[_used] = Copy.Of(_state, Math.Max(_state.NewestMs, NewestEventMs), _copies[_used]);
        if (_chunks[_used].IsNone) _chunks[_used] = new Chunk(_stride);
        _used++;
    }

    /// <summary>The oldest copy and the rows after it go; their room is used again.</summary>
    private void Forget()
    {
        var (copy, chunk) = (_copies[0], _chunks[0]);
        Array.Copy(_copies, 1, _copies, 0, --_used);
        Array.Copy(_chunks, 1, _chunks, 0, _used);
        chunk.Clear();
        (_copies[_used], _chunks[_used]) = (copy, chunk);
        ForgetEvents();
    }

    /// <summary>From now on only what is newer than now can be judged again.</summary>
    public void Restart()
    {
        _copies[0] = Copy.Of(_state, Math.Max(_state.NewestMs, NewestEventMs), _copies[0]);
        for (var i = 0; i < _used; i++)
        {
            _copies[i].IsStale = false;
            _chunks[i].Clear();
        }
        (_used, _stale, _sinceCopy, _isBeforeNewest) = (1, 0, 0, false);
        ForgetEvents();
    }

    /// <summary>The first row after that time.</summary>
    public int FirstAfter(long timestampMs)
    {
        var chunk = LastBefore(timestampMs + 1);
        return FirstOf(chunk) + _chunks[chunk].FirstAfter(timestampMs);
    }

    /// <summary>The newest copy from before that time; the oldest when there is none.</summary>
    private int LastBefore(long timestampMs)
    {
        var at = _used - 1;
        while (at > 0 && _copies[at].AtMs >= timestampMs) at--;
        return at;
    }

    private int FirstOf(int chunk)
    {
        var rows = 0;
        for (var i = 0; i < chunk; i++) rows += _chunks[i].Count;
        return rows;
    }

    private ref Chunk ChunkOf(ref int row)
    {
        var at = 0;
        for (; at < _used - 1 && row >= _chunks[at].Count; at++) row -= _chunks[at].Count;
        return ref _chunks[at];
    }

    private void ForgetEvents()
    {
        var past = 0;
        while (past < _events.Count && _events[past].AtMs <= FloorMs) past++;
        _events.RemoveRange(0, past);
    }

    /// <summary>Sets the state back to the newest copy before <paramref name="timestampMs"/>.</summary>
    /// <returns>The time of the copy: every row and event after it is to be judged again, with <see cref="Passing"/> before each and at the end.</returns>
    public long SetBack(long timestampMs)
    {
        if (_isBeforeNewest && timestampMs > _beforeNewest!.AtMs) return SetBack(_beforeNewest, LastBefore(timestampMs));
        _isBeforeNewest = false;
        var at = LastBefore(timestampMs);
        while (_copies[at].IsStale) at--;
        return SetBack(_copies[at], at);
    }

    private long SetBack(Copy copy, int at)
    {
        copy.Restore(_state);
        _retakeFrom = at + 1;
        for (var i = at + 1; i < _used; i++) Doubt(_copies[i]);
        return copy.AtMs;
    }

    /// <summary>Judging again is about to go past this time: the copies that stood before it are taken again.</summary>
    public void Passing(long timestampMs)
    {
        if (_stale == 0) return;
        for (var i = _retakeFrom; i < _used && timestampMs > _copies[i].AtMs; i++)
        {
            if (!_copies[i].IsStale) continue;
            Copy.Of(_state, _copies[i].AtMs, _copies[i]);
            _copies[i].IsStale = false;
            _stale--;
        }
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(NewestEventMs);
        writer.Write(_sinceCopy);
        writer.Write(_lastMs);
        writer.Write(_used);
        for (var i = 0; i < _used; i++)
        {
            _copies[i].Write(writer);
            _chunks[i].Write(writer);
        }
        writer.Write(_events.Count);
        foreach (var (atMs, code) in _events)
        {
            writer.Write(atMs);
            writer.Write(code);
        }
    }

    public void Read(BinaryReader reader)
    {
        NewestEventMs = reader.ReadInt64();
        _sinceCopy = reader.ReadInt32();
        _lastMs = reader.ReadInt64();
        var used = reader.ReadInt32();
        (_used, _stale) = (Math.Min(used, _copies.Length), 0);
        for (var i = 0; i < used; i++)
        {
            var (copy, chunk) = (Copy.Read(reader), new Chunk(_stride));
            chunk.Read(reader);
            var place = i - (used - _used);   // fewer are kept than were: the newest
            if (place < 0) continue;
            (_copies[place], _chunks[place]) = (copy, chunk);
            if (copy.IsStale) _stale++;
        }
        for (var count = reader.ReadInt32(); count > 0; count--) AddEvent(reader.ReadInt64(), reader.ReadString());
        if (_copies[0].IsStale) Restart();
    }

    /// <summary>Rows in order of time, one behind the other.</summary>
    private struct Chunk(int stride)
    {
        private double[] _rows = new double[2 * stride];   // a row: its time, then a value for each column

        public int Count { get; private set; }

        public readonly bool IsNone => _rows is null;

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

        /// <summary>A late row belongs before it: not to be used until it is taken again.</summary>
        public bool IsStale { get; set; }

        public static Copy Of(RuleState state, long atMs, Copy? into = null)
        {
            var copy = into ?? new Copy();
            copy.AtMs = atMs;
            if (copy._block.Length != state.Bytes.Length) copy._block = new byte[state.Bytes.Length];
            state.Bytes.CopyTo(copy._block);
            copy._detectors.SetLength(0);
            state.WriteDetectors(copy._writer);
            return copy;
        }

        public long JudgedMs(RuleState state, int metric) => state.JudgedMsIn(_block, metric);

        public void Restore(RuleState state)
        {
            state.Restore(_block);
            _detectors.Position = 0;
            state.ReadDetectors(_reader);
        }

        public void Write(BinaryWriter writer)
        {
            writer.Write(AtMs);
            writer.Write(IsStale);
            writer.Write(_block.Length);
            writer.Write(_block);
            writer.Write((int)_detectors.Length);
            writer.Write(_detectors.GetBuffer(), 0, (int)_detectors.Length);
        }

        public static Copy Read(BinaryReader reader)
        {
            var copy = new Copy { AtMs = reader.ReadInt64(), IsStale = reader.ReadBoolean() };
            copy._block = reader.ReadBytes(reader.ReadInt32());
            copy._detectors.Write(reader.ReadBytes(reader.ReadInt32()));
            return copy;
        }
    }
}
