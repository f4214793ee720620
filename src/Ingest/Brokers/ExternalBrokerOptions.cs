using System.ComponentModel.DataAnnotations;

namespace Seamless.Ingest.Brokers;

/// <summary>An MQTT broker of one's own as the door: devices connect to it, and so do we.</summary>
public sealed class ExternalBrokerOptions
{
    /// <summary><c>mqtt://host:1883</c>, or <c>mqtts://host:8883</c> for TLS.</summary>
    [Required]
    public required Uri Url { get; set; }

    public string? User { get; set; }
    public string? Password { get; set; }

    /// <summary>Names our session at the broker, where unacknowledged messages wait for us: the same after a restart, another on each node.</summary>
    [Required, MinLength(1)]
    public required string ClientId { get; set; }

    /// <summary>Nodes of one group share the messages among them.</summary>
    [Required, RegularExpression("[A-Za-z0-9_.-]+")]
    public string Group { get; set; } = "seamless";

    /// <summary>Whose devices are heard. The broker vouches for them: it must let a device publish only under its own <c>v1/{tenant}/{device}/</c>.</summary>
    [MinLength(1)]
    public IList<string> Tenants { get; } = [];

    /// <summary>How long the broker keeps our session while we are away.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan SessionExpiry { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Messages in flight at most: what the broker may send before the first of them is acknowledged.</summary>
    [Range(1, ushort.MaxValue)]
    public int Window { get; set; } = 1000;

    /// <summary>The first pause before connecting again; it doubles up to a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ReconnectAfter { get; set; } = TimeSpan.FromSeconds(1);
}
