using System.ComponentModel.DataAnnotations;

namespace Seamless.Ingest.Hubs;

/// <summary>An Azure IoT Hub as a door: its devices send to it, and we read there.</summary>
public sealed class AzureHubOptions
{
    /// <summary>For direct methods and twins; null to read telemetry only.</summary>
    public HubConnection? Hub { get; set; }

    [Required]
    public required EventHubConnection Events { get; set; }

    public EventHubLogin Login { get; set; } = EventHubLogin.Plain;

    [Required, MinLength(1)]
    public string ConsumerGroup { get; set; } = "$Default";

    /// <summary>To whom the hub's devices belong: a hub knows no tenants.</summary>
    [Required, MinLength(1)]
    public string Tenant { get; set; } = "default";

    /// <summary>Messages in flight for each partition at most.</summary>
    [Range(1, 10_000)]
    public int Window { get; set; } = 300;

    /// <summary>How long a direct method may take to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:05:00")]
    public TimeSpan MethodTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The first pause before connecting again; it doubles up to a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ReconnectAfter { get; set; } = TimeSpan.FromSeconds(1);
}
