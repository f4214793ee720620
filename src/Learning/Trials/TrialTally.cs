namespace Seamless.Learning.Trials;

/// <summary>Adds up, for one of the two, what was said against what came.</summary>
internal sealed class TrialTally
{
    private const int Bins = 10;
    public const double Near = 0.5;

    private readonly long[] _rows = new long[Bins], _came = new long[Bins];
    private readonly double[] _said = new double[Bins];
    private long _sound, _soundCalled, _lives;
    private double _distance;

    public void Add(double probability, bool came)
    {
        var bin = Math.Clamp((int)(probability * Bins), 0, Bins - 1);
        _rows[bin]++;
        _said[bin] += probability;
        if (came) _came[bin]++;
        else _sound++;
        if (!came && probability >= Near) _soundCalled++;
    }

    public void AddLife(double said, double left)
    {
        if (!double.IsFinite(said)) return;
        _lives++;
        _distance += Math.Abs(said - left);
    }

    public int Rows => (int)_rows.Sum();

    public TrialSide Side(string model, int calls, int falseAlarms) => new(model, calls, falseAlarms, Share(_soundCalled, _sound), Calibration, _lives > 0 ? _distance / _lives : null) { Sound = (int)_sound };

    private double? Calibration => _rows.Sum() is > 0 and var all ? Enumerable.Range(0, Bins).Where(b => _rows[b] > 0).Sum(b => Math.Abs(_said[b] - _came[b])) / all : null;

    private static double? Share(long part, long all) => all > 0 ? (double)part / all : null;

    public TrialTally Copy()
    {
        var copy = new TrialTally { _sound = _sound, _soundCalled = _soundCalled, _lives = _lives, _distance = _distance };
        _rows.CopyTo(copy._rows, 0);
        _came.CopyTo(copy._came, 0);
        _said.CopyTo(copy._said, 0);
        return copy;
    }

    public void Write(BinaryWriter writer)
    {
        for (var bin = 0; bin < Bins; bin++)
        {
            writer.Write(_rows[bin]);
            writer.Write(_came[bin]);
            writer.Write(_said[bin]);
        }
        foreach (var count in (long[])[_sound, _soundCalled, _lives]) writer.Write(count);
        writer.Write(_distance);
    }

    public static TrialTally Read(BinaryReader reader)
    {
        var tally = new TrialTally();
        for (var bin = 0; bin < Bins; bin++) (tally._rows[bin], tally._came[bin], tally._said[bin]) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadDouble());
        (tally._sound, tally._soundCalled, tally._lives, tally._distance) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadDouble());
        return tally;
    }
}
