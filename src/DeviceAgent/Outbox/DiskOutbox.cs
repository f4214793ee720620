using System.Buffers.Binary;
using System.Globalization;
using Seamless.DeviceAgent.Disk;
using Seamless.DeviceAgent.Sensing;

namespace Seamless.DeviceAgent.Outbox;

/// <param name="MaxBytes">What the outbox may take on disk; above it the oldest segment goes, its unsent entries counted.</param>
/// <param name="SyncInterval">At most this much may be lost to a power cut; a kill loses nothing. Zero syncs every entry.</param>
/// <param name="HistoryBytes">How much of what was acknowledged stays on disk, for the platform to ask for. It yields to what is not sent yet.</param>
/// <param name="HistoryAge">How long it stays at most; null for as long as there is room.</param>
public sealed record DiskOutboxOptions(string Folder, long MaxBytes = 64L << 20, TimeSpan? SyncInterval = null, long HistoryBytes = 0, TimeSpan? HistoryAge = null);

/// <summary>Store-and-forward on disk: checksummed append-only segments and a marker of what is acknowledged.</summary>
/// <remarks>
/// A segment is named after its first sequence number and goes once all of it is acknowledged and the history has no room for it. Numbers go on across restarts; a new outbox
/// begins at the clock's milliseconds, so a device whose disk was wiped never uses a number twice.
/// </remarks>
public sealed class DiskOutbox : IOutbox
{
    private const int NumberBytes = 8;
    private const int DiskFull = 28;        // ENOSPC
    private static readonly TimeSpan DefaultSyncInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly DiskOutboxOptions _options;
    private readonly TimeProvider _time;
    private readonly Marker _marker;
    private readonly List<Segment> _segments = [];
    private readonly long _segmentBytes;
    private readonly TimeSpan _syncInterval;
    private long _next;
    private long _lastSync;

    public DiskOutbox(DiskOutboxOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _syncInterval = options.SyncInterval ?? DefaultSyncInterval;
        _segmentBytes = Math.Clamp(options.MaxBytes / 16, 1024, 4L << 20);
        Directory.CreateDirectory(options.Folder);
        _marker = new Marker(Path.Combine(options.Folder, "acknowledged"));
        foreach (var path in Directory.EnumerateFiles(options.Folder, "*.segment").Order(StringComparer.Ordinal)) _segments.Add(new Segment(path));
        _next = Math.Max(_marker.Acknowledged, _segments.Count > 0 ? _segments[^1].Last : 0) + 1;
        if (!_marker.Exists && _segments.Count == 0)
        {
            _next = time.GetUtcNow().ToUnixTimeMilliseconds();
            _marker.Save(_next - 1, 0);
        }
        DeleteAcknowledged();
        _lastSync = time.GetTimestamp();
    }

    public long Count
    {
        get { lock (_gate) return _segments.Sum(segment => segment.CountAfter(_marker.Acknowledged)); }
    }

    public long Dropped
    {
        get { lock (_gate) return _marker.Dropped; }
    }

    public long Append(in Measurement measurement)
    {
        lock (_gate)
        {
            var sequence = _next++;
            var json = SampleJson.Encode(measurement, sequence);
            var payload = new byte[NumberBytes + json.Length];
            BinaryPrimitives.WriteInt64LittleEndian(payload, sequence);
            json.CopyTo(payload, NumberBytes);
            MakeRoom(payload.Length + FrameFile.HeaderBytes);
            Write(sequence, payload);
            SyncWhenDue();
            return sequence;
        }
    }

    public IReadOnlyList<OutboxEntry> Peek(int maxEntries, int maxBytes)
    {
        lock (_gate)
        {
            var batch = new List<OutboxEntry>();
            var bytes = 0;
            foreach (var segment in _segments)
            {
                if (!segment.AddAfter(_marker.Acknowledged, batch, maxEntries, maxBytes, ref bytes)) break;
            }
            return batch;
        }
    }

    public void Remove(long sequence)
    {
        lock (_gate)
        {
            if (sequence <= _marker.Acknowledged) return;
            _marker.Save(Math.Min(sequence, _next - 1), _marker.Dropped);
            DeleteAcknowledged();
        }
    }

    public IReadOnlyList<OutboxEntry> Read(long from, long to, int maxEntries)
    {
        lock (_gate)
        {
            var found = new List<OutboxEntry>();
            foreach (var segment in _segments)
            {
                if (segment.Last >= from && !segment.AddBetween(from, to, found, maxEntries)) break;
            }
            return found;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var segment in _segments)
            {
                segment.File.FlushToDisk();
                segment.File.Dispose();
            }
            _segments.Clear();
            _marker.Dispose();
        }
    }

    private void MakeRoom(int bytes)
    {
        if (_segments.Count == 0 || _segments[^1].File.Length >= _segmentBytes) StartSegment();
        while (_segments.Count > 1 && _segments.Sum(segment => segment.File.Length) + bytes > _options.MaxBytes) DropOldest();
    }

    private void StartSegment() => _segments.Add(new Segment(Path.Combine(
        _options.Folder, string.Create(CultureInfo.InvariantCulture, $"{_next - 1:D20}.segment"))));

    private void Write(long sequence, byte[] payload)
    {
        while (true)
        {
            try
            {
                _segments[^1].Append(sequence, payload);
                return;
            }
            catch (IOException e) when (IsDiskFull(e) && _segments.Count > 1)
            {
                DropOldest();   // others filled the disk: the newest sample is worth more than the oldest
            }
            catch (IOException e) when (IsDiskFull(e))
            {
                _marker.Save(_marker.Acknowledged, _marker.Dropped + 1);
                return;
            }
        }
    }

    private static bool IsDiskFull(IOException e) => (e.HResult & 0xFFFF) == DiskFull;

    private void DropOldest()
    {
        var oldest = _segments[0];
        var lost = oldest.CountAfter(_marker.Acknowledged);
        _segments.RemoveAt(0);
        if (lost > 0) _marker.Save(Math.Max(_marker.Acknowledged, oldest.Last), _marker.Dropped + lost);
        oldest.File.Delete();
    }

    private void DeleteAcknowledged()
    {
        while (_segments.Count > 1 && _segments[0].Last <= _marker.Acknowledged && !IsHistory(_segments[0]))
        {
            _segments[0].File.Delete();
            _segments.RemoveAt(0);
        }
    }

    /// <summary>Whether the oldest segment, acknowledged as it is, stays for the platform to ask for.</summary>
    private bool IsHistory(Segment oldest)
    {
        var acknowledged = _segments.Where((segment, i) => i < _segments.Count - 1 && segment.Last <= _marker.Acknowledged).Sum(segment => segment.File.Length);
        return acknowledged <= _options.HistoryBytes && (_options.HistoryAge is not { } age || _time.GetUtcNow() - File.GetLastWriteTimeUtc(oldest.File.Path) <= age);
    }

    private void SyncWhenDue()
    {
        if (_time.GetElapsedTime(_lastSync) < _syncInterval) return;
        _segments[^1].File.FlushToDisk();
        _lastSync = _time.GetTimestamp();
    }

    /// <summary>A frame file and where its entries are.</summary>
    private sealed class Segment
    {
        private readonly List<(long Sequence, long Start)> _entries = [];

        public Segment(string path)
        {
            var start = 0L;
            File = FrameFile.Open(path, (end, payload) =>
            {
                _entries.Add((BinaryPrimitives.ReadInt64LittleEndian(payload), start));
                start = end;
            });
        }

        public FrameFile File { get; }

        /// <summary>The newest number in it, 0 when it is empty.</summary>
        public long Last => _entries.Count > 0 ? _entries[^1].Sequence : 0;

        public int CountAfter(long sequence) => _entries.Count - IndexAfter(sequence);

        public void Append(long sequence, byte[] payload)
        {
            var start = File.Length;
            File.Append(payload);
            _entries.Add((sequence, start));
        }

        /// <returns>False when the batch is full.</returns>
        public bool AddAfter(long sequence, List<OutboxEntry> batch, int maxEntries, int maxBytes, ref int bytes)
        {
            for (var i = IndexAfter(sequence); i < _entries.Count; i++)
            {
                if (batch.Count == maxEntries || !File.TryRead(_entries[i].Start, out var payload)) return false;
                bytes += payload.Length - NumberBytes + 1;
                if (batch.Count > 0 && bytes > maxBytes) return false;
                batch.Add(new OutboxEntry(_entries[i].Sequence, payload[NumberBytes..]));
            }
            return true;
        }

        /// <returns>False when there are enough.</returns>
        public bool AddBetween(long from, long to, List<OutboxEntry> found, int maxEntries)
        {
            for (var i = IndexAfter(from - 1); i < _entries.Count && _entries[i].Sequence <= to; i++)
            {
                if (found.Count == maxEntries) return false;
                // A damaged frame is as good as none; those behind it are still good.
                if (File.TryRead(_entries[i].Start, out var payload)) found.Add(new OutboxEntry(_entries[i].Sequence, payload[NumberBytes..]));
            }
            return true;
        }

        private int IndexAfter(long sequence)
        {
            var (low, high) = (0, _entries.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (_entries[middle].Sequence <= sequence) low = middle + 1;
                else high = middle;
            }
            return low;
        }
    }
}
