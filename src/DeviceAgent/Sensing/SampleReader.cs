using System.Globalization;

namespace Seamless.DeviceAgent.Sensing;

/// <summary>Samples of a waveform from a text, one a line (of several cells the first); a header is passed over. Parses in place: a waveform has many.</summary>
/// <param name="follow">Wait for more samples at the end of the text.</param>
public sealed class SampleReader(TextReader reader, bool follow, TimeProvider time)
{
    private const int MaxLine = 256;

    private static readonly TimeSpan FollowPause = TimeSpan.FromMilliseconds(50);

    private readonly char[] _text = new char[16 * 1024];
    private int _start;
    private int _end;
    private bool _any;

    /// <summary>Lines that held no number: NaN took their place.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Fills the window; false when the text ends before it is full.</summary>
    public async ValueTask<bool> FillAsync(double[] window, CancellationToken ct)
    {
        for (var filled = 0; filled < window.Length;)
        {
            while (filled < window.Length && TryTake(out var sample)) window[filled++] = sample;
            if (filled < window.Length && !await MoreAsync(ct)) return false;
        }
        return true;
    }

    private bool TryTake(out double sample)
    {
        while (true)
        {
            sample = double.NaN;
            var text = _text.AsSpan(_start, _end - _start);
            var length = text.IndexOf('\n');
            if (length < 0) return false;
            _start += length + 1;
            var header = !_any;
            _any = true;
            if (TryParse(text[..length], out sample)) return true;
            if (header) continue;
            Unreadable++;
            return true;
        }
    }

    private static bool TryParse(ReadOnlySpan<char> line, out double sample)
    {
        var end = line.IndexOfAny(',', ';', '\t');
        var read = double.TryParse(end < 0 ? line : line[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out sample);
        if (!read) sample = double.NaN;
        return read;
    }

    private async ValueTask<bool> MoreAsync(CancellationToken ct)
    {
        _text.AsSpan(_start, _end - _start).CopyTo(_text);
        (_start, _end) = (0, _end - _start);
        if (_end > MaxLine) _end = 0;   // no line of samples is that long: what we are given is not text
        while (true)
        {
            var read = await reader.ReadAsync(_text.AsMemory(_end), ct);
            _end += read;
            if (read > 0) return true;
            if (!follow) return LastLine();
            await Task.Delay(FollowPause, time, ct);
        }
    }

    // A text may end without a line break.
    private bool LastLine()
    {
        if (_end == 0) return false;
        _text[_end++] = '\n';
        return true;
    }
}
