using System.Runtime.InteropServices;

namespace Seamless.Analytics.MachineState;

/// <summary>Makes rows of what one device says, in event time, and has them judged: by a detector for each mode of operation.</summary>
/// <remarks>
/// A row holds the newest value of each signal within its step, NaN where a signal said nothing, and is complete with the first sample of a later step.
/// Steps lie on multiples of their length, so that rows do not depend on when a device was first seen. Allocates when a mode is met for the first time, else nothing.
/// </remarks>
public sealed class StateWatch(StateSpec spec)
{
    /// <summary>Modes beyond these are not judged: what tells them is a measured value, no mode.</summary>
    public const int MostModes = 8;

    /// <summary>So many rows after a change of mode are neither judged nor learned.</summary>
    public const int SettlingRows = 5;

    private const long NoStep = long.MinValue;

    private readonly double[] _values = NoValues(spec.Slots.Length);   // of the step at hand
    private readonly double[] _row = NoValues(spec.Slots.Length);      // the last that was judged
    private readonly List<(double Mode, MachineStateDetector Detector)> _modes = [];
    private long _step = NoStep;
    private double _mode = double.NaN;
    private int _settling;
    private int _judgedBy = -1;   // of the modes

    public StateSpec Spec { get; } = spec;

    /// <summary>Since when it has been learning what is normal, event time: work on the machine before that is of no concern. The least there is before the first sample.</summary>
    public long BegunAtMs { get; private set; } = long.MinValue;

    /// <summary>Rows that the mode at hand has learned, of <see cref="MachineStateDetector.LearningRows"/>.</summary>
    public int Learned => Find(_mode) is { } detector ? detector.Learned : 0;

    /// <summary>Whether the mode has changed of late, so that rows are passed over.</summary>
    public bool IsSettling => _settling > 0;

    /// <summary>Whether the last row was judged by a normal that was known.</summary>
    public bool IsJudging => Judge is { IsLearned: true };

    /// <summary>The last row that was judged; NaN where a signal said nothing.</summary>
    public ReadOnlySpan<double> Row => _row;

    /// <summary>What each signal should have been in it; empty before the first.</summary>
    public ReadOnlySpan<double> Expected => Judge is { } judge ? judge.Expected : [];

    /// <summary>What each signal has in its deviation: shares that add up to 1, below zero where the signal was lower than expected; empty before the first.</summary>
    public ReadOnlySpan<double> Contributions => Judge is { } judge ? judge.Contributions : [];

    private MachineStateDetector? Judge => _judgedBy < 0 ? null : _modes[_judgedBy].Detector;

    /// <summary>Time has come to <paramref name="timestampMs"/>, and the machine is in <paramref name="mode"/>: judges the row that is complete by that.</summary>
    /// <param name="mode">NaN while it is not known: nothing is judged or learned then.</param>
    /// <returns>The row's score; NaN when none was judged.</returns>
    public double Advance(long timestampMs, double mode)
    {
        var step = StepOf(timestampMs);
        var score = step > _step && _step != NoStep ? Close() : double.NaN;
        if (!mode.Equals(_mode)) Enter(mode);
        if (_step == NoStep) BegunAtMs = Math.Max(BegunAtMs, timestampMs);
        if (step > _step) _step = step;
        return score;
    }

    /// <summary>A value of the step at hand; one of an earlier step has come too late.</summary>
    public void Take(long timestampMs, int signal, double value)
    {
        if (StepOf(timestampMs) == _step) _values[signal] = value;
    }

    /// <summary>The machine is not to be judged now: what was heard within the step does not count.</summary>
    public void Pause() => _values.AsSpan().Fill(double.NaN);

    /// <summary>The machine is another than before: every mode is learned anew.</summary>
    public void Forget(long timestampMs)
    {
        Pause();
        _modes.Clear();
        (_judgedBy, BegunAtMs) = (-1, timestampMs);
    }

    private long StepOf(long timestampMs)
    {
        var step = Math.DivRem(timestampMs, Spec.EveryMs, out var rest);
        return rest < 0 ? step - 1 : step;
    }

    private void Enter(double mode)
    {
        if (_step != NoStep) _settling = SettlingRows;
        _mode = mode;
        Pause();
    }

    private double Close()
    {
        if (_values.AsSpan().IndexOfAnyExcept(double.NaN) < 0 || double.IsNaN(_mode)) return double.NaN;
        if (_settling > 0)
        {
            _settling--;
            Pause();
            return double.NaN;
        }
        var place = PlaceOf(_mode);
        if (place < 0) return double.NaN;
        _judgedBy = place;
        _values.CopyTo(_row.AsSpan());
        Pause();
        return _modes[place].Detector.Observe(_row);
    }

    private int PlaceOf(double mode)
    {
        for (var i = 0; i < _modes.Count; i++)
            if (_modes[i].Mode.Equals(mode)) return i;
        if (_modes.Count == MostModes) return -1;
        _modes.Add((mode, new MachineStateDetector(Spec.Slots.Length)));
        return _modes.Count - 1;
    }

    private MachineStateDetector? Find(double mode)
    {
        foreach (var known in _modes)
            if (known.Mode.Equals(mode)) return known.Detector;
        return null;
    }

    private static double[] NoValues(int count)
    {
        var values = new double[count];
        Array.Fill(values, double.NaN);
        return values;
    }

    /// <summary>Writes the whole state; the same bytes restored give the same scores.</summary>
    public void Snapshot(BinaryWriter writer)
    {
        writer.Write(_step);
        writer.Write(_mode);
        writer.Write(_settling);
        writer.Write(_judgedBy);
        writer.Write(BegunAtMs);
        writer.Write(MemoryMarshal.AsBytes(_values.AsSpan()));
        writer.Write(MemoryMarshal.AsBytes(_row.AsSpan()));
        writer.Write(_modes.Count);
        foreach (var (mode, detector) in _modes)
        {
            writer.Write(mode);
            detector.Snapshot(writer);
        }
    }

    /// <summary>Takes over the state of a watch of the same signals.</summary>
    public void Restore(BinaryReader reader)
    {
        (_step, _mode, _settling, _judgedBy) = (reader.ReadInt64(), reader.ReadDouble(), reader.ReadInt32(), reader.ReadInt32());
        BegunAtMs = reader.ReadInt64();
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_values.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_row.AsSpan()));
        _modes.Clear();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var (mode, detector) = (reader.ReadDouble(), new MachineStateDetector(Spec.Slots.Length));
            detector.Restore(reader);
            _modes.Add((mode, detector));
        }
    }
}
