namespace Seamless.Learning.Trials;

/// <summary>What both said of one machine. Bounded: when the samples are too many, every second one goes, so that a whole life stays in view until its end is confirmed.</summary>
internal sealed class MachineTrial
{
    private const int MostSamples = 64;
    private const int MostEnds = 20;

    private readonly List<TrialSample> _samples = [];   // of which is not known what came, or not for good
    private readonly List<TrialEnd> _ends = [];
    private TrialCalls _champion = new(), _challenger = new();
    private int _stride = 1;
    private long _nextRow;

    public long Rows { get; private set; }
    public long LastMs { get; private set; } = long.MinValue;
    public int Ended => _ends.Count;

    /// <returns>Whether it is a row that counts: not seen before, and beyond the warm-up.</returns>
    public bool Observe(TrialTerms terms, long atMs, Verdict champion, Verdict challenger)
    {
        if (atMs <= LastMs) return false;   // rules of several stages ask of the same row, and a restart asks again
        (LastMs, Rows) = (atMs, Rows + 1);
        if (terms.IsLife && Rows <= TrialTerms.WarmUp) return false;
        _champion.Observe(champion.Probability >= TrialTally.Near, Rows, atMs, terms, _ends);
        _challenger.Observe(challenger.Probability >= TrialTally.Near, Rows, atMs, terms, _ends);
        if (IsSample(terms, atMs)) Keep(new(Rows, atMs, (float)champion.Probability, (float)challenger.Probability, Life(champion), Life(challenger)));
        return true;
    }

    private bool IsSample(TrialTerms terms, long atMs) => terms.IsLife
        ? Rows >= _nextRow
        : _samples.Count == 0 || atMs - _samples[^1].AtMs >= _stride * (long)TrialTerms.FailureSpacing.TotalMilliseconds;

    private void Keep(TrialSample sample)
    {
        if (_samples.Count >= MostSamples)
        {
            for (var i = _samples.Count - 2; i >= 0; i -= 2) _samples.RemoveAt(i);
            _stride *= 2;
        }
        _samples.Add(sample);
        _nextRow = sample.Row + _stride;
    }

    /// <summary>A failure was confirmed: of the samples before it is known what came.</summary>
    /// <returns>False when it is known already, or the machine was not followed before it.</returns>
    public bool End(TrialTerms terms, long fromMs, long toMs, TrialTally champion, TrialTally challenger)
    {
        if (_ends.Exists(known => known.FromMs == fromMs) || !_samples.Exists(sample => sample.AtMs <= toMs)) return false;
        var end = new TrialEnd(fromMs, toMs, RowAt(toMs));
        _ends.Add(end);
        if (_ends.Count > MostEnds) _ends.RemoveAt(0);
        foreach (var sample in _samples.Where(sample => sample.AtMs <= toMs)) Settle(terms, sample, end, champion, challenger);
        _samples.RemoveAll(sample => sample.AtMs <= toMs);
        if (_samples.Count == 0) _stride = 1;
        return true;
    }

    private long RowAt(long ms) => ms >= LastMs ? Rows : _samples.Last(sample => sample.AtMs <= ms).Row;

    private static void Settle(TrialTerms terms, in TrialSample sample, in TrialEnd end, TrialTally champion, TrialTally challenger)
    {
        var came = terms.Covers(end, sample.Row, sample.AtMs);
        champion.Add(sample.Champion, came);
        challenger.Add(sample.Challenger, came);
        if (!terms.IsLife) return;
        var left = Math.Min(end.Row - sample.Row, terms.Cap);
        champion.AddLife(Math.Min(sample.ChampionLife, terms.Cap), left);
        challenger.AddLife(Math.Min(sample.ChallengerLife, terms.Cap), left);
    }

    /// <summary>Samples whose horizon has passed with nothing confirmed are sound, as far as is known: a ticket that is closed later may still say otherwise.</summary>
    public void Survey(TrialTerms terms, TrialTally champion, TrialTally challenger)
    {
        foreach (var sample in _samples)
        {
            if (!terms.HasPassed(sample.Row, sample.AtMs, Rows, LastMs)) continue;
            champion.Add(sample.Champion, came: false);
            challenger.Add(sample.Challenger, came: false);
        }
    }

    public (int Calls, int FalseAlarms) CallsOf(TrialTerms terms, bool challenger)
    {
        var calls = challenger ? _challenger : _champion;
        return (calls.Count, calls.FalseAlarms(terms, _ends, Rows, LastMs));
    }

    private static float Life(Verdict verdict) => verdict.RemainingLife is { } life ? (float)life.P50 : float.NaN;

    public void Write(BinaryWriter writer)
    {
        writer.Write(Rows);
        writer.Write(LastMs);
        writer.Write(_stride);
        writer.Write(_nextRow);
        _champion.Write(writer);
        _challenger.Write(writer);
        writer.Write(_ends.Count);
        foreach (var end in _ends) foreach (var number in (long[])[end.FromMs, end.ToMs, end.Row]) writer.Write(number);
        writer.Write(_samples.Count);
        foreach (var sample in _samples)
        {
            writer.Write(sample.Row);
            writer.Write(sample.AtMs);
            foreach (var said in (float[])[sample.Champion, sample.Challenger, sample.ChampionLife, sample.ChallengerLife]) writer.Write(said);
        }
    }

    public static MachineTrial Read(BinaryReader reader)
    {
        var machine = new MachineTrial { Rows = reader.ReadInt64(), LastMs = reader.ReadInt64(), _stride = reader.ReadInt32(), _nextRow = reader.ReadInt64() };
        (machine._champion, machine._challenger) = (TrialCalls.Read(reader), TrialCalls.Read(reader));
        for (var left = reader.ReadInt32(); left > 0; left--) machine._ends.Add(new(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64()));
        for (var left = reader.ReadInt32(); left > 0; left--)
            machine._samples.Add(new(reader.ReadInt64(), reader.ReadInt64(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle()));
        return machine;
    }
}
