using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Seamless.Fleet;

/// <summary>Section <c>fleet</c> of <c>seamless.yaml</c>.</summary>
public sealed class FleetOptions
{
    /// <summary>Whether a device first seen behind a gateway is registered by itself, as type <c>generic</c>.</summary>
    public bool AutoRegister { get; set; } = true;

    /// <summary>A device without a connection of its own counts as offline after this long without a word.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "7.00:00:00")]
    public TimeSpan OfflineAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often writes of other processes are looked for, and presence is written down.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan RefreshEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long after its expiry a command that the device has accepted may still bring its result.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ResultGrace { get; set; } = TimeSpan.FromMinutes(15);
}

[OptionsValidator]
internal sealed partial class FleetOptionsValidator : IValidateOptions<FleetOptions>;
