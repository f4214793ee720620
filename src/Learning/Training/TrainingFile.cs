using Seamless.Telemetry;

namespace Seamless.Learning.Training;

/// <param name="IsNumeric">Every cell is a number or empty.</param>
/// <param name="IsLabel">Every cell is 0 or 1, and both occur.</param>
public sealed record TrainingColumn(string Name, bool IsNumeric, bool IsLabel);

/// <summary>A table that somebody gave to learn from.</summary>
/// <param name="Id">SHA-256 of its text, 16 hex digits: the same file is stored once.</param>
/// <param name="Name">What it was called by who gave it.</param>
/// <param name="Bytes">Unpacked.</param>
public sealed record TrainingFile(string Id, string Name, long Bytes, int Rows, IReadOnlyList<TrainingColumn> Columns, string By, DateTimeOffset AddedAt);

/// <summary>The tables to learn from, kept beside the models; the newest of each tenant.</summary>
public interface ITrainingFiles
{
    /// <summary>Largest table, unpacked.</summary>
    long MaxBytes { get; }

    /// <summary>Stores a CSV file with a header, plain or gzip.</summary>
    /// <returns>Refused when it is no table or too large (<see cref="TooLarge"/>).</returns>
    Task<Outcome<TrainingFile>> AddAsync(string tenant, string by, string name, Stream content, CancellationToken ct);

    TrainingFile? Find(string tenant, string id);

    /// <summary>Latest first.</summary>
    IReadOnlyList<TrainingFile> List(string tenant);

    /// <summary>Where the table lies; null when it is gone.</summary>
    string? PathOf(string tenant, string id);

    Refusal TooLarge => new("too-large", $"the file is larger than {MaxBytes >> 20} MB, which is the most that one table to learn from may have (gzip: as it is unpacked)");
}
