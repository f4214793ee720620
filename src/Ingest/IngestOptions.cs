using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Seamless.Ingest.Dialects.Sparkplug;
using Seamless.Ingest.Ledger;

namespace Seamless.Ingest;

/// <summary>Section <c>ingest</c> of <c>seamless.yaml</c>.</summary>
public sealed class IngestOptions
{
    /// <summary>How far a device's clock may run ahead of ours before its samples are refused.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ClockTolerance { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A longer payload goes whole into the dead letters, unread.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxPayloadBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Messages held for a device with a persistent session while it is away; the oldest goes first.</summary>
    [Range(1, 100_000)]
    public int MaxPendingMessages { get; set; } = 1000;

    /// <summary>QoS 1 and 2 messages that an MQTT 5 client may have in flight (Receive Maximum).</summary>
    [Range(1, 65535)]
    public ushort ReceiveMaximum { get; set; } = 4096;

    /// <summary>PEM file with the authorities whose client certificates stand for devices (subject CN = device id); null when only tokens are taken.</summary>
    public string? ClientAuthorities { get; set; }

    /// <summary>Refused logins of the same name from the same address are audited once in this time, with their number.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RefusalAuditEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether plain TCP is served by epoll, where there is one, or by .NET's own sockets as everywhere else.</summary>
    internal bool UsesEpoll { get; set; } = OperatingSystem.IsLinux();

    [ValidateObjectMembers]
    public SparkplugOptions Sparkplug { get; set; } = new();

    [ValidateObjectMembers]
    public LedgerOptions Ledger { get; set; } = new();
}

[OptionsValidator]
internal sealed partial class IngestOptionsValidator : IValidateOptions<IngestOptions>;
