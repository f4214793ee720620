using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Seamless.Telemetry.Rows;

namespace Seamless.Portal.Commands.Loads;

/// <summary>A set of rows as a file of line protocol, so that other stores can be given the very same: <c>set,device=pump-1 temperature=40.01,… 1767225600000</c>.</summary>
internal static class LineRows
{
    private const int BatchRows = 5000;
    private const int BufferBytes = 1 << 20;
    private const int MaxExactDigits = 15;
    private static readonly double[] PowersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    public static string FileOf(string directory, RowSet set) => Path.Combine(directory, $"{set.Name}.lp");

    /// <returns>How many rows.</returns>
    public static long Write(string directory, RowSet set, CancellationToken ct)
    {
        using var file = File.Create(FileOf(directory, set), BufferBytes);
        var (lines, count) = (new ArrayBufferWriter<byte>(BufferBytes), 0L);
        foreach (var rows in new StoreRows(set).Batches())
        {
            ct.ThrowIfCancellationRequested();
            lines.ResetWrittenCount();
            for (var row = 0; row < rows.Count; row++) Write(lines, set, rows, row);
            file.Write(lines.WrittenSpan);
            count += rows.Count;
        }
        return count;
    }

    private static void Write(ArrayBufferWriter<byte> lines, RowSet set, SampleRows rows, int row)
    {
        Put(lines, $"{set.Name},device={Numbers.Devices[rows.Devices[row]].Device} ");
        for (var i = rows.FirstReading(row); i < rows.ReadingEnds[row]; i++)
        {
            var (name, value) = (Numbers.Metrics[rows.Metrics[i]], rows.Values[i]);
            Put(lines, $"{(i > rows.FirstReading(row) ? "," : "")}{name}=");
            if (set.OnOff.Contains(name)) lines.Write(value != 0 ? "t"u8 : "f"u8);
            else if (set.Whole.Contains(name)) Put(lines, $"{(long)value}i");
            else Put(lines, $"{value:R}");
        }
        Put(lines, $" {rows.TimestampsMs[row]}\n");
    }

    private static void Put(ArrayBufferWriter<byte> lines, FormattableString text) => Encoding.UTF8.GetBytes(text.ToString(CultureInfo.InvariantCulture), lines);

    /// <summary>Reads such a file, 5,000 rows at a time. Each is valid until the next.</summary>
    /// <exception cref="InvalidDataException">A line is not as <see cref="Write(string, RowSet, CancellationToken)"/> makes them.</exception>
    public static IEnumerable<SampleRows> Read(string path)
    {
        foreach (var metric in StoreRows.Metrics) Numbers.Metrics.Of(metric);
        using var file = File.OpenRead(path);
        var devices = Enumerable.Range(0, StoreRows.FleetDevices).Select(i => Numbers.Devices.Of(StoreRows.Device(i))).ToArray();
        var (buffer, held, lines, rows) = (new byte[BufferBytes], 0, 0L, new SampleRows(BatchRows));
        while (true)
        {
            var read = file.Read(buffer, held, buffer.Length - held);
            if (read == 0)
            {
                if (held > 0) throw new InvalidDataException($"{path}: the last line has no end");
                break;
            }
            held += read;
            var at = 0;
            while (buffer.AsSpan(at, held - at).IndexOf((byte)'\n') is >= 0 and var length)
            {
                lines++;
                if (!new Line(buffer.AsSpan(at, length)).TryRead(devices, rows)) throw new InvalidDataException($"{path}, line {lines}: not as 'bench store --dump' writes it");
                at += length + 1;
                if (rows.Count < BatchRows) continue;
                yield return rows;
                rows.Clear();
            }
            if (at == 0 && held == buffer.Length) throw new InvalidDataException($"{path}, line {lines + 1}: longer than {buffer.Length} bytes");
            buffer.AsSpan(at, held - at).CopyTo(buffer);
            held -= at;
        }
        if (rows.Count > 0) yield return rows;
    }

    private ref struct Line(ReadOnlySpan<byte> text)
    {
        private ReadOnlySpan<byte> _rest = text;

        public bool TryRead(int[] devices, SampleRows rows)
        {
            if (!TryUntil((byte)'=', out var head) || !head.EndsWith(",device"u8) || !TryUntil((byte)' ', out var device)) return false;
            if (!Utf8Parser.TryParse(device[(device.LastIndexOf((byte)'-') + 1)..], out int number, out _) || (uint)number >= devices.Length) return false;
            rows.Begin(devices[number], 0, 0, SampleRows.NoSequence);
            var fields = _rest.LastIndexOf((byte)' ');
            if (fields < 0 || !Utf8Parser.TryParse(_rest[(fields + 1)..], out long timestampMs, out _)) return false;
            rows.Restamp(timestampMs, SampleRows.NoSequence);
            _rest = _rest[..fields];
            while (_rest.Length > 0)
            {
                if (!TryUntil((byte)'=', out var name) || Numbers.Metrics.Find(name) is not (>= 0 and var metric)) return false;
                var value = TryUntil((byte)',', out var before) ? before : _rest;
                if (before.IsEmpty) _rest = default;
                if (!TryValue(value, out var read)) return false;
                rows.Add(metric, read);
            }
            rows.End();
            return true;
        }

        private bool TryUntil(byte mark, out ReadOnlySpan<byte> before)
        {
            before = default;
            var at = _rest.IndexOf(mark);
            if (at <= 0) return false;
            before = _rest[..at];
            _rest = _rest[(at + 1)..];
            return true;
        }

        private static bool TryValue(ReadOnlySpan<byte> text, out double value)
        {
            value = text.SequenceEqual("t"u8) ? 1 : 0;
            if (text.SequenceEqual("t"u8) || text.SequenceEqual("f"u8)) return true;
            if (text.Length > 0 && text[^1] == (byte)'i') text = text[..^1];
            return TryShort(text, out value) || (Utf8Parser.TryParse(text, out value, out var used) && used == text.Length);
        }

        /// <summary>A mantissa of at most 15 digits and its power of ten are exact, and so is their quotient to the last bit (Clinger 1990).</summary>
        private static bool TryShort(ReadOnlySpan<byte> text, out double value)
        {
            value = 0;
            if (text.Length is 0 or > MaxExactDigits) return false;
            var (mantissa, decimals, pointAt) = (0L, 0, -1);
            for (var i = 0; i < text.Length; i++)
            {
                var digit = (uint)(text[i] - '0');
                if (digit <= 9) mantissa = mantissa * 10 + digit;
                else if (text[i] == '.' && pointAt < 0) pointAt = i;
                else return false;
            }
            if (pointAt >= 0) decimals = text.Length - 1 - pointAt;
            value = mantissa / PowersOfTen[decimals];
            return true;
        }
    }
}
