namespace Seamless.Learning.Trials;

/// <summary>When one of the two began to say of a machine that a failure is near. The latest are kept, so that a ticket that is closed late still confirms them.</summary>
internal sealed class TrialCalls
{
    private const int MostKept = 20;

    private readonly List<(long Row, long AtMs)> _calls = [];   // oldest first
    private bool _near;
    private int _older, _olderFalse;

    public int Count => _older + _calls.Count;

    public void Observe(bool near, long row, long atMs, TrialTerms terms, IReadOnlyList<TrialEnd> ends)
    {
        if (near && !_near) _calls.Add((row, atMs));
        _near = near;
        if (_calls.Count <= MostKept) return;
        _older++;
        if (!IsConfirmed(_calls[0], terms, ends)) _olderFalse++;
        _calls.RemoveAt(0);
    }

    public int FalseAlarms(TrialTerms terms, IReadOnlyList<TrialEnd> ends, long lastRow, long lastMs) =>
        _olderFalse + _calls.Count(call => terms.HasPassed(call.Row, call.AtMs, lastRow, lastMs) && !IsConfirmed(call, terms, ends));

    private static bool IsConfirmed((long Row, long AtMs) call, TrialTerms terms, IReadOnlyList<TrialEnd> ends)
    {
        foreach (var end in ends)
            if (terms.Covers(end, call.Row, call.AtMs)) return true;
        return false;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_near);
        writer.Write(_older);
        writer.Write(_olderFalse);
        writer.Write(_calls.Count);
        foreach (var (row, atMs) in _calls)
        {
            writer.Write(row);
            writer.Write(atMs);
        }
    }

    public static TrialCalls Read(BinaryReader reader)
    {
        var calls = new TrialCalls { _near = reader.ReadBoolean(), _older = reader.ReadInt32(), _olderFalse = reader.ReadInt32() };
        for (var left = reader.ReadInt32(); left > 0; left--) calls._calls.Add((reader.ReadInt64(), reader.ReadInt64()));
        return calls;
    }
}
