using System.Globalization;
using System.Net;
using Seamless.Fleet.Limits;
using Seamless.Ingest;
using Seamless.Portal.Commands.Settings;
using Seamless.Rules;
using Seamless.Rules.Versions;
using Seamless.ServiceDesk.Mystery;
using Seamless.ServiceDesk.Notifications;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;

namespace Seamless.Portal.Commands;

/// <summary>What a platform is made of, whichever verb starts it.</summary>
public sealed record PlatformOptions
{
    public required string DataDirectory { get; init; }
    public required string PacksDirectory { get; init; }

    /// <summary>Port 0 takes any free one.</summary>
    public required Uri HttpUrl { get; init; }
    public required IPEndPoint MqttEndpoint { get; init; }

    /// <summary>A second MQTT door with TLS; null for none.</summary>
    public IPEndPoint? MqttTlsEndpoint { get; init; }

    /// <summary>How far a device's clock may run ahead of ours before its samples are refused.</summary>
    public TimeSpan ClockTolerance { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What the configuration says of the door beyond that.</summary>
    public Action<IngestOptions>? Ingest { get; init; }

    /// <summary>Whether a device first seen behind a gateway is registered by itself.</summary>
    public bool AutoRegister { get; init; } = true;

    /// <summary>What the configuration says of the rules.</summary>
    public Action<RulesOptions>? Rules { get; init; }

    /// <summary>How much devices and tenants may send.</summary>
    public LimitOptions Limits { get; init; } = new();

    /// <summary>PKCS #12, for https and MQTT over TLS.</summary>
    public string? Certificate { get; init; }
    public string? CertificatePassword { get; init; }

    /// <summary>Http on an address that others can reach.</summary>
    public bool Insecure { get; init; }
    public string? AdminApiKey { get; init; }

    /// <summary>The key <c>demo</c> and the seeded logins work.</summary>
    public bool DemoAccess { get; init; }

    /// <summary>The platform beats its own heart (desk, commands, alarms) and ticks into its log. Off in simulated time, where the driver does both.</summary>
    public bool Beats { get; init; } = true;

    /// <summary>Whether what is acknowledged waits for the disk. Off only in a simulation, whose data nobody is promised.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>How long the time series gather samples before they write them, by the machine's clock; null for the usual. Longer where nobody looks at them meanwhile.</summary>
    public TimeSpan? WriteDelay { get; init; }
    public TimeSeriesKind StoreKind { get; init; } = TimeSeriesKind.Segments;

    /// <summary>How long samples are kept; null for the usual.</summary>
    public TimeSpan? KeepSamples { get; init; }

    /// <summary>How long single metrics are kept when that is less long.</summary>
    public IReadOnlyDictionary<string, TimeSpan> KeepMetrics { get; init; } = new Dictionary<string, TimeSpan>();

    /// <summary>How long metrics that a pack calls personal are kept.</summary>
    public TimeSpan KeepPersonal { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How much longer than samples their hours are kept.</summary>
    public TimeSpan KeepHours { get; init; }

    /// <summary>Free bytes below which senders wait, and those below which an alarm is raised; null for what fits the disk.</summary>
    public long? DiskReserveBytes { get; init; }
    public long? DiskWarnBytes { get; init; }

    /// <summary>What stands beside the platform instead of an embedded part.</summary>
    public ExternalParts External { get; init; } = new();
    /// <summary>Whether and when the platform tries itself; null for the usual, which is not.</summary>
    public Action<MysteryOptions>? Mystery { get; init; }

    /// <summary>How messages go out; null for the usual: by address alone, without mail server and gateway.</summary>
    public Action<NotificationOptions>? Notifications { get; init; }

    /// <summary>PEM file of the keys whose holders' models may be imported.</summary>
    public string? TrustedModelKeys { get; init; }
    public TimeProvider Time { get; init; } = TimeProvider.System;
    public LogLevel LogLevel { get; init; } = LogLevel.Warning;

    /// <summary>The same on free ports and without a heart: for a verb that needs the platform's rooms for a moment.</summary>
    internal PlatformOptions Quiet() => this with
    {
        HttpUrl = new Uri("http://127.0.0.1:0"), MqttEndpoint = new IPEndPoint(IPAddress.Loopback, 0), Beats = false, LogLevel = LogLevel.Error, External = External with { Broker = null, Hub = null },
    };

    /// <summary>From the configuration; refused where it would be unsafe or cannot be.</summary>
    internal static Outcome<PlatformOptions> From(PlatformSettings settings)
    {
        if (!Uri.TryCreate(settings[SettingsSchema.HttpUrl], UriKind.Absolute, out var http) || http.Scheme is not ("http" or "https"))
            return Refusal.Invalid($"http.url: '{settings[SettingsSchema.HttpUrl]}' is not an address such as http://localhost:5080");
        if (!TryEndpoint(settings[SettingsSchema.MqttEndpoint], out var mqtt))
            return Refusal.Invalid($"mqtt.endpoint: '{settings[SettingsSchema.MqttEndpoint]}' is not host:port such as 127.0.0.1:1883");
        IPEndPoint? mqttTls = null;
        if (settings.Optional(SettingsSchema.MqttTlsEndpoint) is { } secure && !TryEndpoint(secure, out mqttTls))
            return Refusal.Invalid($"mqtt.tlsEndpoint: '{secure}' is not host:port such as 0.0.0.0:8883");
        if (!Enum.TryParse<LogLevel>(settings[SettingsSchema.LogLevel], ignoreCase: true, out var level))
            return Refusal.Invalid($"log.level: '{settings[SettingsSchema.LogLevel]}' is not one of trace, debug, information, warning, error");
        if ((http.Scheme == "https" || mqttTls is not null) && settings.Optional(SettingsSchema.TlsCertificate) is null)
            return Refusal.Invalid("https and MQTT over TLS need tls.certificate, a PKCS #12 file");
        if (http is { Scheme: "http", IsLoopback: false } && !settings.Flag(SettingsSchema.HttpInsecure))
            return Refusal.Invalid($"{http} can be reached by others and has no TLS. Give tls.certificate and https, or --insecure if a proxy adds TLS.");
        if (PacksFolder.Find(settings.Optional(SettingsSchema.Packs)) is not { } packs)
            return Refusal.Invalid($"packs: no equipment packs in '{settings.Optional(SettingsSchema.Packs) ?? "./packs"}'; name their directory with --packs");
        if (WhatContradicts(settings) is { } contradiction) return Refusal.Invalid(contradiction);
        var external = ExternalParts.From(settings);
        if (!external.Succeeded) return external.Refusal;
        Enum.TryParse<TimeSeriesKind>(settings[SettingsSchema.StoreKind], ignoreCase: true, out var kind);   // none of ours when it is an external one
        return new PlatformOptions
        {
            External = external.Value, TrustedModelKeys = settings.Optional(SettingsSchema.TrustedKeys), Mystery = mystery => Configure(mystery, settings),
            Notifications = notifications => NotificationSettings.Apply(settings, notifications),
            DataDirectory = settings[SettingsSchema.Data], PacksDirectory = packs, HttpUrl = http, MqttEndpoint = mqtt, MqttTlsEndpoint = mqttTls, LogLevel = level,
            ClockTolerance = settings.Duration(SettingsSchema.ClockTolerance), Ingest = ingest => Configure(ingest, settings),
            DiskReserveBytes = Megabytes(settings, SettingsSchema.DiskReserve), DiskWarnBytes = Megabytes(settings, SettingsSchema.DiskWarn),
            AutoRegister = settings.Flag(SettingsSchema.AutoRegister), Rules = rules => Configure(rules, settings), Limits = LimitsOf(settings), StoreKind = kind, KeepSamples = settings.Duration(SettingsSchema.KeepSamples), KeepMetrics = settings.Lengths(SettingsSchema.KeepMetrics), KeepPersonal = settings.Duration(SettingsSchema.KeepPersonal),
            KeepHours = settings.Optional(SettingsSchema.KeepHours) is null ? TimeSpan.Zero : settings.Duration(SettingsSchema.KeepHours),
            Insecure = settings.Flag(SettingsSchema.HttpInsecure), AdminApiKey = settings.Optional(SettingsSchema.AdminApiKey),
            Certificate = settings.Optional(SettingsSchema.TlsCertificate), CertificatePassword = settings.Optional(SettingsSchema.TlsPassword),
        };
    }

    /// <summary>What is right in itself and not together.</summary>
    private static string? WhatContradicts(PlatformSettings settings)
    {
        var metrics = settings.Lengths(SettingsSchema.KeepMetrics);
        if (metrics.Count > 0 && !settings[SettingsSchema.StoreKind].Equals(nameof(TimeSeriesKind.Segments), StringComparison.OrdinalIgnoreCase))
            return $"{SettingsSchema.KeepMetrics}: only the store segments keeps single metrics for less long; leave it out, or set store.kind: segments";
        foreach (var (metric, length) in metrics)
            if (length > settings.Duration(SettingsSchema.KeepSamples))
                return $"{SettingsSchema.KeepMetrics}.{metric}: a metric can be kept for less long than the rest, not longer; raise {SettingsSchema.KeepSamples} ({settings[SettingsSchema.KeepSamples]}) and name the metrics that go earlier";
        if (NotificationSettings.WhatContradicts(settings) is { } messages) return messages;
        return settings.Duration(SettingsSchema.SparkplugRebirthAtMostEvery) < settings.Duration(SettingsSchema.SparkplugRebirthEvery)
            ? $"{SettingsSchema.SparkplugRebirthAtMostEvery}: {settings[SettingsSchema.SparkplugRebirthAtMostEvery]} is less than {SettingsSchema.SparkplugRebirthEvery} ({settings[SettingsSchema.SparkplugRebirthEvery]}), where the doubling begins"
            : null;
    }

    internal static LimitOptions LimitsOf(PlatformSettings settings) => new()
    {
        Device = new LimitSet(
            settings.CapOf(SettingsSchema.DeviceMessagesPerSecond), settings.CapOf(SettingsSchema.DeviceBurst), settings.CapOf(SettingsSchema.DeviceBytesPerDay), settings.CapOf(SettingsSchema.DeviceMetrics)),
        Tenant = new LimitSet(
            settings.CapOf(SettingsSchema.TenantMessagesPerSecond), settings.CapOf(SettingsSchema.TenantBurst), settings.CapOf(SettingsSchema.TenantBytesPerDay), settings.CapOf(SettingsSchema.TenantMetrics), settings.CapOf(SettingsSchema.TenantDevices)),
    };

    private static void Configure(IngestOptions ingest, PlatformSettings settings)
    {
        ingest.ClientAuthorities = settings.Optional(SettingsSchema.ClientAuthorities);
        ingest.Ledger.Backfill = settings.Flag(SettingsSchema.Backfill);
        ingest.Ledger.Grace = settings.Duration(SettingsSchema.GapGrace);
        var sparkplug = ingest.Sparkplug;
        (sparkplug.HostId, sparkplug.IsPrimaryHost) = (settings[SettingsSchema.SparkplugHostId], settings.Flag(SettingsSchema.SparkplugPrimaryHost));
        sparkplug.ReorderTimeout = settings.Duration(SettingsSchema.SparkplugReorderTimeout);
        sparkplug.RebirthEvery = settings.Duration(SettingsSchema.SparkplugRebirthEvery);
        sparkplug.RebirthAtMostEvery = settings.Duration(SettingsSchema.SparkplugRebirthAtMostEvery);
        sparkplug.RebirthsPerSecond = settings.Number(SettingsSchema.SparkplugRebirthsPerSecond);
        sparkplug.MaxMetricsPerNode = settings.Number(SettingsSchema.SparkplugMaxMetrics);
    }

    private static void Configure(RulesOptions rules, PlatformSettings settings)
    {
        rules.Review = Enum.Parse<ReviewDemand>(settings[SettingsSchema.RulesReview], ignoreCase: true);
        (rules.ReopenWindow, rules.SiteWindow) = (settings.Duration(SettingsSchema.RulesReopenWindow), settings.Duration(SettingsSchema.RulesSiteWindow));
        (rules.StormBudget, rules.StormWindow) = (settings.Number(SettingsSchema.RulesStormBudget), settings.Duration(SettingsSchema.RulesStormWindow));
        (rules.LateRows, rules.LateWindow) = (settings.Number(SettingsSchema.RulesLateRows), settings.Duration(SettingsSchema.RulesLateWindow));
        rules.MaxTimeShelved = settings.Duration(SettingsSchema.RulesMaxTimeShelved);
    }

    private static void Configure(MysteryOptions mystery, PlatformSettings settings)
    {
        mystery.Enabled = settings.Flag(SettingsSchema.MysteryEnabled);
        mystery.At = TimeOnly.ParseExact(settings[SettingsSchema.MysteryAt], "HH:mm", CultureInfo.InvariantCulture);
        (mystery.Within, mystery.Recovery) = (settings.Duration(SettingsSchema.MysteryWithin), settings.Duration(SettingsSchema.MysteryRecovery));
    }

    private static long? Megabytes(PlatformSettings settings, string key) => settings.Optional(key) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) << 20 : null;

    private static bool TryEndpoint(string text, out IPEndPoint endpoint)
    {
        var normal = text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? $"127.0.0.1{text["localhost".Length..]}"
            : text.StartsWith("*:", StringComparison.Ordinal) ? $"0.0.0.0{text[1..]}" : text;
        return IPEndPoint.TryParse(normal, out endpoint!) && normal.Contains(':', StringComparison.Ordinal);
    }
}
