using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Seamless.Storage.DeadLetters;
using Seamless.Storage.Log;
using Seamless.Storage.TimeSeries;
using Seamless.Storage.TimeSeries.Influx;

namespace Seamless.Storage;

/// <summary>Where the platform's data lies and how it is kept.</summary>
public sealed class StorageOptions
{
    /// <summary>Everything is written below it; deleting it is a factory reset.</summary>
    [Required]
    public string DataDirectory { get; set; } = "./data";

    [ValidateObjectMembers]
    public LogOptions Log { get; set; } = new();

    [ValidateObjectMembers]
    public TimeSeriesOptions TimeSeries { get; set; } = new();

    /// <summary>The time series in an InfluxDB of one's own instead of the embedded store; null for the embedded one.</summary>
    [ValidateObjectMembers]
    public InfluxOptions? Influx { get; set; }

    [ValidateObjectMembers]
    public DeadLetterOptions DeadLetters { get; set; } = new();
}

[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
