namespace Seamless.Learning.Trials;

/// <summary>One challenger beside the active version: both judge the same rows, and only the active one is listened to.</summary>
internal sealed class Trial(TrialTerms terms, DateTimeOffset since)
{
    private const int Format = 1;

    /// <summary>Machines of which samples are kept (some 3 KB each); further ones are not followed.</summary>
    internal const int MostMachines = 2000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, MachineTrial> _machines = new(StringComparer.Ordinal);
    private TrialTally _champion = new(), _challenger = new();
    private long _rows, _agreed, _lastMs;
    private int _ended;
    private bool _changed;

    public TrialTerms Terms => terms;

    public void Observe(string device, long atMs, Verdict champion, Verdict challenger)
    {
        lock (_gate)
        {
            if (!_machines.TryGetValue(device, out var machine))
            {
                if (_machines.Count >= MostMachines) return;
                _machines[device] = machine = new MachineTrial();
            }
            _changed = true;
            if (!machine.Observe(terms, atMs, champion, challenger)) return;
            _rows++;
            if (champion.Probability >= TrialTally.Near == challenger.Probability >= TrialTally.Near) _agreed++;
            _lastMs = Math.Max(_lastMs, atMs);
        }
    }

    public IReadOnlyList<string> Machines()
    {
        lock (_gate) return [.. _machines.Keys];
    }

    /// <returns>Whether it was news.</returns>
    public bool Confirm(string device, DateTimeOffset failedAt, DateTimeOffset overAt)
    {
        lock (_gate)
        {
            if (!_machines.TryGetValue(device, out var machine) || !machine.End(terms, failedAt.ToUnixTimeMilliseconds(), overAt.ToUnixTimeMilliseconds(), _champion, _challenger)) return false;
            _ended++;
            return _changed = true;
        }
    }

    public TrialReport Report()
    {
        lock (_gate)
        {
            var (champion, challenger) = (_champion.Copy(), _challenger.Copy());
            foreach (var machine in _machines.Values) machine.Survey(terms, champion, challenger);
            return new(
                terms.Name, terms.Kind, since, _rows > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(_lastMs) : null, _machines.Count, _rows, _rows > 0 ? (double)_agreed / _rows : null,
                champion.Rows, _ended, SideOf(champion, terms.Champion, false), SideOf(challenger, terms.Challenger, true));
        }
    }

    private TrialSide SideOf(TrialTally tally, string model, bool challenger)
    {
        var calls = _machines.Values.Select(machine => machine.CallsOf(terms, challenger)).ToList();
        return tally.Side(model, calls.Sum(call => call.Calls), calls.Sum(call => call.FalseAlarms));
    }

    /// <returns>False when nothing has changed since the last time.</returns>
    public bool Write(Func<BinaryWriter> open)
    {
        lock (_gate)
        {
            if (!_changed) return false;
            using var writer = open();
            writer.Write(Format);
            terms.Write(writer);
            writer.Write(since.ToUnixTimeMilliseconds());
            foreach (var count in (long[])[_rows, _agreed, _lastMs, _ended]) writer.Write(count);
            _champion.Write(writer);
            _challenger.Write(writer);
            writer.Write(_machines.Count);
            foreach (var (device, machine) in _machines)
            {
                writer.Write(device);
                machine.Write(writer);
            }
            _changed = false;
            return true;
        }
    }

    /// <exception cref="InvalidDataException">It is of another version.</exception>
    public static Trial Read(BinaryReader reader)
    {
        var format = reader.ReadInt32();
        if (format != Format) throw new InvalidDataException($"a trial of format {format}; this version reads {Format}");
        var trial = new Trial(TrialTerms.Read(reader), DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64()));
        (trial._rows, trial._agreed, trial._lastMs, trial._ended) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), (int)reader.ReadInt64());
        (trial._champion, trial._challenger) = (TrialTally.Read(reader), TrialTally.Read(reader));
        for (var left = reader.ReadInt32(); left > 0; left--) trial._machines[reader.ReadString()] = MachineTrial.Read(reader);
        return trial;
    }
}
