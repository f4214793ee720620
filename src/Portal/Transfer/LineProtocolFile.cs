using System.Globalization;
using System.Text;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;

namespace Seamless.Portal.Transfer;

/// <summary>A file of line protocol. Comments (<c>#</c>) and empty lines are passed over; a quoted text may go on over several lines.</summary>
/// <param name="device">Whose lines without the tag <c>device</c> are; null when each must say.</param>
internal sealed class LineProtocolFile(string name, Stream stream, Precision precision, string? device) : IHistoryReader
{
    private const int MaxChars = 1024 * 1024;

    private readonly StreamReader _reader = new(stream, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024);
    private readonly char[] _buffer = new char[64 * 1024];
    private readonly StringBuilder _line = new();
    private int _at;
    private int _filled;
    private long _next = 1;

    public long Line { get; private set; }

    public double Progress => stream.Length == 0 ? 1 : (double)stream.Position / stream.Length;

    public bool Read(HistoryRow row, out BadRow? bad)
    {
        bad = null;
        while (TryLine(out var line, out var fits))
        {
            Line = _next++;
            if (line.AsSpan().Trim().IsEmpty || line[0] == '#') continue;
            var read = fits ? LineProtocol.Read(line, precision, row) : new LineProtocol.Result($"the line is longer than {MaxChars} characters", 1);
            while (read.IsOpen && line.Length < MaxChars && TryLine(out var more, out fits) && fits)
            {
                _next++;
                line = $"{line}\n{more}";
                read = LineProtocol.Read(line, precision, row);
            }
            bad = read.Problem is { } problem ? Bad(read.Column, problem) : Check(row);
            return true;
        }
        return false;
    }

    public void Dispose() => _reader.Dispose();

    private BadRow? Check(HistoryRow row)
    {
        if (row.Device.Length == 0) row.Device = device ?? "";
        return row switch
        {
            { Device.Length: 0 } => Bad(1, "there is no tag device; name the device with --device"),
            _ when !DeviceKey.IsValidName(row.Device) => Bad(1, $"'{row.Device}' is no device id"),
            { Tenant: { } tenant } when tenant != DeviceKey.DefaultTenant => Bad(1, $"it is of the tenant '{tenant}'; only '{DeviceKey.DefaultTenant}' is written to from here"),
            { TimestampMs: < DecoderOptions.EarliestMs } => Bad(1, $"its time is before 2000; the timestamps are read as {precision.ToString().ToLowerInvariant()}, --precision says otherwise"),
            _ => null,
        };
    }

    private BadRow Bad(int column, string reason) => new(name, Line, column.ToString(CultureInfo.InvariantCulture), reason);

    /// <summary>Up to the next line feed; a carriage return before it stays, for it may belong to a text.</summary>
    private bool TryLine(out string line, out bool fits)
    {
        _line.Clear();
        fits = true;
        var any = false;
        while (_at < _filled || Fill())
        {
            any = true;
            var rest = _buffer.AsSpan(_at, _filled - _at);
            var end = rest.IndexOf('\n');
            var part = end < 0 ? rest : rest[..end];
            if (_line.Length + part.Length > MaxChars) fits = false;
            else _line.Append(part);
            _at += end < 0 ? rest.Length : end + 1;
            if (end >= 0) break;
        }
        line = fits ? _line.ToString() : " x";
        return any;
    }

    private bool Fill()
    {
        (_at, _filled) = (0, _reader.Read(_buffer));
        return _filled > 0;
    }
}
