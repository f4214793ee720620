using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Seamless.Rules.Versions;

namespace Seamless.Rules;

/// <summary>How the rules room works; section <c>rules</c> of the configuration.</summary>
public sealed class RulesOptions
{
    /// <summary>Folder that holds a folder per pack; null: <c>packs</c> beside the program, else in the working directory.</summary>
    public string? PacksDirectory { get; set; }

    /// <summary>A fault that comes back within this time, event time, is the same occurrence.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan ReopenWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Devices of one site whose faults began no further apart than this may have one cause, event time.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SiteWindow { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>So many of a device's last samples at least can be judged again when an older one comes late; 0 judges in the order of arrival.</summary>
    [Range(0, 100_000)]
    public int LateRows { get; set; } = 32;

    /// <summary>So far back, event time, alarms are put right when a sample comes late.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "2.00:00:00")]
    public TimeSpan LateWindow { get; set; } = TimeSpan.FromHours(1);

    /// <summary>So many alarms of one site reach a person within <see cref="StormWindow"/>; one storm alarm lists what goes beyond.</summary>
    [Range(1, 10_000)]
    public int StormBudget { get; set; } = 10;

    /// <summary>The window of <see cref="StormBudget"/>, event time. EEMUA 191: more than ten alarms in ten minutes are a flood.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan StormWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest an alarm may be put aside.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00")]
    public TimeSpan MaxTimeShelved { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Whether a version of a rule file must be approved by somebody other than its author before it is activated.</summary>
    public ReviewDemand Review { get; set; }

    /// <summary>At most so much of the log is judged again after a crash.</summary>
    [Range(100, 10_000_000)]
    public int RecordsBetweenSnapshots { get; set; } = 5_000_000;

    /// <summary>How often the engine's state is written, when there was something to judge.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan TimeBetweenSnapshots { get; set; } = TimeSpan.FromSeconds(10);

    internal string FindPacksDirectory()
    {
        if (PacksDirectory is not null) return PacksDirectory;
        var beside = Path.Combine(AppContext.BaseDirectory, "packs");
        return Directory.Exists(beside) ? beside : Path.Combine(Directory.GetCurrentDirectory(), "packs");
    }
}

[OptionsValidator]
internal sealed partial class RulesOptionsValidator : IValidateOptions<RulesOptions>;
