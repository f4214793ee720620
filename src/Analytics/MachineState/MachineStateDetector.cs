using System.Runtime.InteropServices;

namespace Seamless.Analytics.MachineState;

/// <summary>Watches several signals of one machine together: learns how they behave from its first rows, then says whether the machine is as it was.</summary>
/// <remarks>
/// Each signal is judged by how far its smoothed value lies from its learned level, measured by how far it wandered while it was learned
/// (<see cref="SignalModel"/>): a temperature that warms up says little, a steady flow says much. What they say is added up and gathered over
/// the rows (<see cref="Evidence"/>), so that several small deviations count as one large one, and onset and return have their own bounds.
/// Nothing is learned while the machine is abnormal; otherwise the levels follow slowly. One configuration for every machine; no look-ahead; no
/// allocation per row. One detector per machine and operating mode.
/// </remarks>
public sealed class MachineStateDetector
{
    /// <summary>Rows that are learned from before anything is judged.</summary>
    public const int LearningRows = 400;

    /// <summary>A machine that has been abnormal for so many rows is taken to have a new normal, which is learned from the start.</summary>
    public const int LongestEvent = 10 * LearningRows;

    /// <summary>Scores from here on mean abnormal.</summary>
    public const double Threshold = 0.5;

    /// <summary>Share of the deviation by which a level follows its signal with each normal row.</summary>
    private const double Following = 1.0 / 500;

    /// <summary>After a return the levels follow faster by this factor, which fades in about <see cref="SettlingRows"/>: few machines come back exactly.</summary>
    private const double Settling = 1.5;
    private const double SettlingRows = 100;

    private readonly SignalModel[] _signals;
    private readonly double[] _contributions;
    private readonly double[] _expected;
    private double[]? _rows;   // column by column; only while learning
    private int _learned;
    private int _eventRows;
    private double _settling;
    private Evidence _evidence;

    public MachineStateDetector(int signals)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(signals, 1);
        _signals = [.. Enumerable.Range(0, signals).Select(_ => new SignalModel())];
        _contributions = new double[signals];
        _expected = new double[signals];
        Forget();
    }

    public int Signals => _signals.Length;

    /// <summary>True once the first rows are learned; until then the score is 0.</summary>
    public bool IsLearned => _rows is null;

    /// <summary>Rows that have been learned, of <see cref="LearningRows"/>.</summary>
    public int Learned => IsLearned ? LearningRows : _learned;

    /// <summary>Whether the machine has left its normal state and not yet returned.</summary>
    public bool IsAbnormal => _evidence.IsAbnormal;

    /// <summary>What each signal has in the last row's deviation: shares that add up to 1, below zero where the signal is lower than expected; 0 where none deviates.</summary>
    public ReadOnlySpan<double> Contributions => _contributions;

    /// <summary>What each signal should have been in the last row, in its own unit; NaN where that is not known.</summary>
    public ReadOnlySpan<double> Expected => _expected;

    /// <summary>How abnormal the machine is with this row, 0 to 1; from <see cref="Threshold"/> on it is abnormal.</summary>
    /// <param name="values">One for each signal; NaN where one is missing.</param>
    /// <exception cref="ArgumentException">Not as many values as signals.</exception>
    public double Observe(ReadOnlySpan<double> values)
    {
        if (values.Length != Signals) throw new ArgumentException($"{values.Length} values for {Signals} signals", nameof(values));
        if (!AnyPresent(values)) return _evidence.Score;
        if (_rows is not null) return Collect(_rows, values);
        var surprise = Judge(values, out var judged);
        _evidence.Add(surprise, judged);
        if (_evidence.IsAbnormal) Freeze();
        else Follow(values);
        return _evidence.Score;
    }

    private static bool AnyPresent(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
            if (double.IsFinite(value)) return true;
        return false;
    }

    private double Collect(double[] rows, ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++) rows[i * LearningRows + _learned] = values[i];
        if (++_learned < LearningRows) return 0;
        for (var i = 0; i < _signals.Length; i++)
        {
            _signals[i].Learn(rows.AsSpan(i * LearningRows, LearningRows));
            _expected[i] = _signals[i].Expected;
        }
        _rows = null;
        return 0;
    }

    private double Judge(ReadOnlySpan<double> values, out int judged)
    {
        var sum = 0.0;
        judged = 0;
        for (var i = 0; i < _signals.Length; i++)
        {
            var signal = _signals[i];
            _expected[i] = signal.Expected;
            var surprise = signal.Observe(values[i]);
            if (signal.IsJudged) judged++;
            sum += surprise;
            _contributions[i] = signal.IsBelow ? -surprise : surprise;
        }
        if (sum > 0)
            foreach (ref var contribution in _contributions.AsSpan()) contribution /= sum;
        return sum;
    }

    /// <summary>An anomaly is not learned from; one that never ends is the new normal.</summary>
    private void Freeze()
    {
        _settling = Settling;
        if (++_eventRows >= LongestEvent) Forget();
    }

    private void Follow(ReadOnlySpan<double> values)
    {
        _eventRows = 0;
        var rate = Following * (1 + _settling);
        _settling -= _settling / SettlingRows;
        for (var i = 0; i < _signals.Length; i++)
            if (double.IsFinite(values[i])) _signals[i].Follow(rate);
    }

    /// <summary>Begins anew: after maintenance, or when the machine is used in another way.</summary>
    public void Forget()
    {
        _rows ??= new double[Signals * LearningRows];
        (_learned, _eventRows, _settling, _evidence) = (0, 0, 0, default);
        _expected.AsSpan().Fill(double.NaN);
        _contributions.AsSpan().Clear();
    }

    /// <summary>Writes the whole state; the same bytes restored give the same scores.</summary>
    public void Snapshot(BinaryWriter writer)
    {
        writer.Write(_rows is null ? -1 : _learned);
        for (var i = 0; _rows is not null && i < Signals; i++) writer.Write(MemoryMarshal.AsBytes(_rows.AsSpan(i * LearningRows, _learned)));
        writer.Write(_eventRows);
        writer.Write(_settling);
        _evidence.Snapshot(writer);
        foreach (var signal in _signals) signal.Snapshot(writer);
        writer.Write(MemoryMarshal.AsBytes(_expected.AsSpan()));
        writer.Write(MemoryMarshal.AsBytes(_contributions.AsSpan()));
    }

    /// <summary>Takes over the state of a detector with as many signals.</summary>
    public void Restore(BinaryReader reader)
    {
        _learned = reader.ReadInt32();
        _rows = _learned < 0 ? null : new double[Signals * LearningRows];
        for (var i = 0; _rows is not null && i < Signals; i++) reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_rows.AsSpan(i * LearningRows, _learned)));
        _eventRows = reader.ReadInt32();
        _settling = reader.ReadDouble();
        _evidence.Restore(reader);
        foreach (var signal in _signals) signal.Restore(reader);
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_expected.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_contributions.AsSpan()));
    }
}
