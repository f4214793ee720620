namespace Seamless.Ingest.Dialects.Sparkplug;

/// <summary>Watches a node's <c>seq</c> (0–255, wrapping): notices what is missing, and what of it comes in late after all.</summary>
internal sealed class SequenceWatch
{
    private readonly HashSet<byte> _missing = [];
    private byte _last;

    /// <summary>Since when something is missing; null when nothing is.</summary>
    public DateTimeOffset? GapSince { get; private set; }

    /// <summary>A birth begins anew, whatever its number.</summary>
    public void Begin(byte seq)
    {
        _last = seq;
        _missing.Clear();
        GapSince = null;
    }

    public void Take(byte seq, DateTimeOffset at)
    {
        var ahead = (byte)(seq - _last);
        if (ahead == 1) _last = seq;
        else if (_missing.Remove(seq)) GapSince = _missing.Count == 0 ? null : GapSince;
        else if (ahead is > 1 and < 128) Skip(seq, at);
        else GapSince ??= at;   // it came before, or from another session: what we know of this one is in doubt
    }

    private void Skip(byte seq, DateTimeOffset at)
    {
        for (var missing = (byte)(_last + 1); missing != seq; missing++) _missing.Add(missing);
        _last = seq;
        GapSince ??= at;
    }
}
