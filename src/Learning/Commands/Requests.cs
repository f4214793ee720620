using Seamless.Analytics.Vibration;
using Seamless.Learning.Training;

namespace Seamless.Learning.Commands;

/// <param name="Label">The 0/1 column to learn.</param>
/// <param name="Model">The folder to write.</param>
/// <param name="Modes">0/1 columns of the failure's modes.</param>
/// <param name="Name">The model's name; by default that of its folder.</param>
public sealed record TrainFailureRequest(
    string Input, string Label, string Model, IReadOnlyList<string> Modes, string? Name = null, int Seed = 1, TimeProvider? Clock = null)
{
    /// <summary>By default from the data and the seed.</summary>
    public string? Version { get; init; }

    /// <summary>Id of the version that it may replace.</summary>
    public string? Parent { get; init; }

    /// <summary>Column of the group: rows of one are never both learned from and judged; null when each row stands alone.</summary>
    public string? Group { get; init; }

    /// <summary>Where the input came from, when it is the platform's history.</summary>
    public ModelHistory? History { get; init; }
}

public sealed record ScoreFailureRequest(string Model, string Input, string Output);

/// <param name="Unit">The column that names the machine.</param>
/// <param name="Time">The column that orders its rows.</param>
/// <param name="Cap">Longest remaining life that is told apart, in rows.</param>
/// <param name="Horizon">Rows within which a failure counts as near, for the live probability.</param>
public sealed record TrainRulRequest(
    string Input, string Unit, string Time, string Model, string? Name = null, double Cap = 125, double Horizon = 30, int Seed = 1, TimeProvider? Clock = null)
{
    /// <summary>By default from the data and the seed.</summary>
    public string? Version { get; init; }

    /// <summary>Id of the version that it may replace.</summary>
    public string? Parent { get; init; }

    /// <summary>Where the input came from, when it is the platform's history.</summary>
    public ModelHistory? History { get; init; }
}

public sealed record ScoreRulRequest(string Model, string Input, string Output);

/// <param name="Inputs">Files joined on their first column, the id of a cycle.</param>
/// <param name="Truth">A file with the same id column, a column per label, and the group's.</param>
/// <param name="Group">Rows of the same value are never parted between learning and judging; null when each row stands alone.</param>
public sealed record TrainConditionRequest(
    IReadOnlyList<string> Inputs, string Truth, IReadOnlyList<string> Labels, string? Group, string Model, string? Name = null, int Seed = 1, TimeProvider? Clock = null);

public sealed record ScoreConditionRequest(string Model, IReadOnlyList<string> Inputs, string Output);

/// <param name="ValueColumns">One is watched for what it has never done; several are taken for the signals of one machine, whose state is judged.</param>
/// <param name="LabelFree">Writes scores only; otherwise also <c>is_anomaly</c>.</param>
public sealed record ScoreAnomalyRequest(string Input, string Output, string TimeColumn, IReadOnlyList<string> ValueColumns, bool LabelFree);

/// <param name="Inputs">Each a recording of its own, of the same machine at the same speed.</param>
/// <param name="Rate">Samples a second.</param>
/// <param name="Column">Of the acceleration; null takes the first that holds a number.</param>
/// <param name="Window">Samples of a window.</param>
/// <param name="Memory">Windows that are averaged, each with those before it in the same file; 1 answers each alone.</param>
/// <param name="NormalShare">High-frequency share of the sound machine, dB, where it is known.</param>
public sealed record ScoreVibrationRequest(
    IReadOnlyList<string> Inputs, string Output, double Rate, double Rpm, BearingGeometry Bearing, string? Column = null, int Window = 6000, int Memory = 8, double? NormalShare = null);

/// <param name="Rows">Rows written.</param>
public sealed record ScoreSummary(string Output, long Rows);
