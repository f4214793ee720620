namespace Seamless.Analytics.MachineState;

/// <summary>Gathers over the rows what speaks for an abnormal machine: a sequential test with bounds of its own for onset and return.</summary>
/// <remarks>
/// A sum of excesses over what normal rows say, kept between 0 and <see cref="Most"/> (CUSUM with both bounds reflecting, Page 1954): a long
/// event is left as quickly as a short one. While abnormal a row counts as normal once it says less than a share of what the event has been
/// saying: a machine that has come back, though not to the same point, is seen to be back.
/// </remarks>
internal struct Evidence
{
    /// <summary>What the row of a normal machine hardly exceeds: this much, and for each signal what it exceeds 1/2 by on average if it is Gaussian.</summary>
    private const double Usual = 4.5;
    private const double UsualPerSignal = 0.25;

    private const double Onset = 13;
    private const double Most = 20;

    /// <summary>The most that one row can say for a normal machine.</summary>
    private const double Relief = 5;

    private const double ReturnShare = 0.3;
    private const double EventMemory = 1.0 / 20;

    private double _sum;
    private double _event;

    public bool IsAbnormal { get; private set; }

    /// <summary>0 to 1; at least a half exactly while abnormal.</summary>
    public double Score { get; private set; }

    public void Add(double surprise, int signals)
    {
        _event = IsAbnormal ? _event + EventMemory * (surprise - _event) : 0;
        var usual = Math.Max(Usual + UsualPerSignal * signals, ReturnShare * _event);
        _sum = Math.Clamp(_sum + Math.Max(surprise - usual, -Relief), 0, Most);
        if (IsAbnormal) IsAbnormal = _sum > 0;
        else IsAbnormal = _sum >= Onset;
        var height = (_sum / Most + surprise / (surprise + Most)) / 2;
        Score = IsAbnormal ? (1 + height) / 2 : Math.Min(height / 2, 0.499);
    }

    public readonly void Snapshot(BinaryWriter writer)
    {
        writer.Write(_sum);
        writer.Write(_event);
        writer.Write(IsAbnormal);
        writer.Write(Score);
    }

    public void Restore(BinaryReader reader)
    {
        _sum = reader.ReadDouble();
        _event = reader.ReadDouble();
        IsAbnormal = reader.ReadBoolean();
        Score = reader.ReadDouble();
    }
}
