namespace Seamless.Learning;

/// <summary>What the active version and its challenger said of the same rows, and what came.</summary>
/// <param name="Machines">That both have judged.</param>
/// <param name="Rows">That both have judged, since <paramref name="Since"/>.</param>
/// <param name="Agreement">Share of the rows of which both said the same: near (a probability of at least 0.5) or not. Null before the first row.</param>
/// <param name="Settled">Kept samples of which is known what came: a failure within the horizon, or none.</param>
/// <param name="Ended">Failures that a closed ticket, or an engineer's verdict on an alarm, has confirmed.</param>
/// <param name="Kind"><c>rul</c> or <c>failure</c>.</param>
public sealed record TrialReport(
    string Name, string Kind, DateTimeOffset Since, DateTimeOffset? LastAt, int Machines, long Rows, double? Agreement, int Settled, int Ended, TrialSide Champion, TrialSide Challenger)
{
    /// <summary>From here the gate judges by the trial and no more by the held-out rows.</summary>
    public const int EnoughSettled = 200, EnoughEnded = 3;

    public bool IsEnough => Settled >= EnoughSettled && Ended >= EnoughEnded;
}

/// <summary>One of the two.</summary>
/// <param name="Calls">Times that it began to say that a failure is near.</param>
/// <param name="FalseAlarms">Of these, those whose horizon passed with nothing confirmed.</param>
/// <param name="FalseAlarmRate">Share of the sound samples that it called near.</param>
/// <param name="Calibration">Expected calibration error of its probability, over ten bins.</param>
/// <param name="Mae">For rul: mean distance, in cycles, of its P50 from the life that was left, on machines that ended; lives beyond the cap count as the cap.</param>
public sealed record TrialSide(string Model, int Calls, int FalseAlarms, double? FalseAlarmRate, double? Calibration, double? Mae)
{
    /// <summary>Sound samples behind <see cref="FalseAlarmRate"/>.</summary>
    public int Sound { get; init; }
}
