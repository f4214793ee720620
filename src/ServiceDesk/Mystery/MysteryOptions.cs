using System.ComponentModel.DataAnnotations;

namespace Seamless.ServiceDesk.Mystery;

/// <summary>When the platform tries itself, and how long each part of it may take, our clock.</summary>
public sealed class MysteryOptions
{
    /// <summary>A check each day. Off, there is one only when somebody asks for it.</summary>
    public bool Enabled { get; set; }

    /// <summary>UTC. A time that passed while the platform was down is made up for the same day.</summary>
    public TimeOnly At { get; set; } = new(4, 30);

    /// <summary>How long the alarm may take once the telemetry is in the log, and the ticket once the alarm is there.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan Within { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the alarm may take to clear once the telemetry is normal again.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan Recovery { get; set; } = TimeSpan.FromMinutes(30);
}
