using Seamless.Rules.Versions;

namespace Seamless.Portal.Commands.Settings;

/// <summary>Every key there is.</summary>
public static class SettingsSchema
{
    public const string Data = "data";
    public const string Packs = "packs";
    public const string HttpUrl = "http.url";
    public const string HttpInsecure = "http.insecure";
    public const string MqttEndpoint = "mqtt.endpoint";
    public const string MqttTlsEndpoint = "mqtt.tlsEndpoint";
    public const string ClientAuthorities = "mqtt.clientAuthorities";
    public const string TlsCertificate = "tls.certificate";
    public const string TlsPassword = "tls.password";
    public const string ClockTolerance = "ingest.clockTolerance";
    public const string Backfill = "ingest.backfill";
    public const string GapGrace = "ingest.gapGrace";
    public const string SparkplugHostId = "ingest.sparkplug.hostId";
    public const string SparkplugPrimaryHost = "ingest.sparkplug.primaryHost";
    public const string SparkplugReorderTimeout = "ingest.sparkplug.reorderTimeout";
    public const string SparkplugRebirthEvery = "ingest.sparkplug.rebirthEvery";
    public const string SparkplugRebirthAtMostEvery = "ingest.sparkplug.rebirthAtMostEvery";
    public const string SparkplugRebirthsPerSecond = "ingest.sparkplug.rebirthsPerSecond";
    public const string SparkplugMaxMetrics = "ingest.sparkplug.maxMetricsPerNode";
    public const string TrustedKeys = "models.trustedKeys";
    public const string StoreKind = "store.kind";
    public const string KeepSamples = "store.retention.samples";
    public const string KeepMetrics = "store.retention.metrics";
    public const string KeepPersonal = "store.retention.personal";
    public const string KeepHours = "store.keepHours";
    public const string DiskReserve = "disk.reserveMb";
    public const string DiskWarn = "disk.warnMb";
    public const string AdminApiKey = "admin.apiKey";
    public const string LogLevel = "log.level";
    public const string DeviceMessagesPerSecond = "limits.device.messagesPerSecond";
    public const string DeviceBurst = "limits.device.burst";
    public const string DeviceBytesPerDay = "limits.device.bytesPerDay";
    public const string DeviceMetrics = "limits.device.metrics";
    public const string TenantMessagesPerSecond = "limits.tenant.messagesPerSecond";
    public const string TenantBurst = "limits.tenant.burst";
    public const string TenantBytesPerDay = "limits.tenant.bytesPerDay";
    public const string TenantMetrics = "limits.tenant.metrics";
    public const string TenantDevices = "limits.tenant.devices";
    public const string RulesReview = "rules.review";
    public const string RulesReopenWindow = "rules.reopenWindow";
    public const string RulesSiteWindow = "rules.siteWindow";
    public const string RulesStormBudget = "rules.stormBudget";
    public const string RulesStormWindow = "rules.stormWindow";
    public const string RulesLateRows = "rules.lateRows";
    public const string RulesLateWindow = "rules.lateWindow";
    public const string RulesMaxTimeShelved = "rules.maxTimeShelved";
    public const string AutoRegister = "fleet.autoRegister";
    public const string InfluxUrl = "store.influx.url";
    public const string InfluxVersion = "store.influx.version";
    public const string InfluxDatabase = "store.influx.database";
    public const string InfluxRetentionPolicy = "store.influx.retentionPolicy";
    public const string InfluxOrganisation = "store.influx.org";
    public const string InfluxToken = "store.influx.token";
    public const string InfluxUser = "store.influx.user";
    public const string InfluxPassword = "store.influx.password";
    public const string BrokerUrl = "broker.url";
    public const string BrokerTenants = "broker.tenants";
    public const string BrokerGroup = "broker.group";
    public const string BrokerClientId = "broker.clientId";
    public const string BrokerUser = "broker.user";
    public const string BrokerPassword = "broker.password";
    public const string HubConnection = "hub.azure.connectionString";
    public const string HubEvents = "hub.azure.eventHub.connectionString";
    public const string HubConsumerGroup = "hub.azure.eventHub.consumerGroup";
    public const string HubLogin = "hub.azure.eventHub.login";
    public const string HubTenant = "hub.azure.tenant";
    public const string MysteryEnabled = "mystery.enabled";
    public const string MysteryAt = "mystery.at";
    public const string MysteryWithin = "mystery.within";
    public const string MysteryRecovery = "mystery.recovery";

    public const string PublicUrl = "portal.publicUrl";
    public const string Signature = "notifications.signature";
    public const string MessagesExpire = "notifications.expireAfter";
    public const string AllowPrivateAddresses = "notifications.allowPrivateAddresses";
    public const string SmtpHost = "notifications.smtp.host";
    public const string SmtpPort = "notifications.smtp.port";
    public const string SmtpTls = "notifications.smtp.tls";
    public const string SmtpUser = "notifications.smtp.user";
    public const string SmtpPassword = "notifications.smtp.password";
    public const string SmtpFrom = "notifications.smtp.from";
    public const string SmsUrl = "notifications.sms.url";
    public const string SmsKey = "notifications.sms.key";

    public static readonly IReadOnlyList<Setting> All =
    [
        new(Data, SettingKind.Text, "./data", "Directory of everything the platform writes. Deleting it is a factory reset."),
        new(Packs, SettingKind.Text, "", "Directory of the equipment packs; found beside the program or above the working directory when not given."),
        new(HttpUrl, SettingKind.Text, "http://localhost:5080", "Where portal and API listen. https needs tls.certificate."),
        new(HttpInsecure, SettingKind.Flag, "false", "Allow http on an address that others can reach. Only behind a proxy that adds TLS."),
        new(MqttEndpoint, SettingKind.Text, "127.0.0.1:1883", "Where devices connect, host:port."),
        new(MqttTlsEndpoint, SettingKind.Text, "", "Where devices connect over TLS, host:port (usually 0.0.0.0:8883). Needs tls.certificate."),
        new(ClientAuthorities, SettingKind.Text, "", "PEM file with the authorities whose client certificates let devices in over TLS: subject CN = device id, or tenant/device. Tokens work beside them."),
        new(TlsCertificate, SettingKind.Text, "", "PKCS #12 file (.pfx) for https and MQTT over TLS."),
        new(TlsPassword, SettingKind.Text, "", "Password of the certificate file."),
        new(ClockTolerance, SettingKind.Duration, "10m", "How far a device's clock may run ahead of ours before its samples are refused."),
        new(Backfill, SettingKind.Flag, "true", "Whether devices are asked for samples that never came."),
        new(GapGrace, SettingKind.Duration, "30s", "How long a gap in a device's sequence numbers may stay open before the device is asked."),
        new(SparkplugHostId, SettingKind.Text, "seamless", "Our host id, in `spBv1.0/STATE/{host}`: what Sparkplug nodes name as their primary host.") { Check = HostId },
        new(SparkplugPrimaryHost, SettingKind.Flag, "true", "Whether the platform says in STATE that it is there. Off where nodes have another primary host and must not take this one for it."),
        new(SparkplugReorderTimeout, SettingKind.Duration, "2s", "How long what a gap in seq shows to be missing may still come in before a rebirth is asked for; at most 5m.") { Range = ("", "5m") },
        new(SparkplugRebirthEvery, SettingKind.Duration, "10s", "Least time between two rebirth requests to one node, 1s to 1h. It doubles while they do not help …") { Range = ("1s", "1h") },
        new(SparkplugRebirthAtMostEvery, SettingKind.Duration, "5m", "… up to this, 1s to 1d.") { Range = ("1s", "1d") },
        new(SparkplugRebirthsPerSecond, SettingKind.Number, "50", "Rebirth requests a second to all nodes together, 1 to 10000.") { Range = ("1", "10000") },
        new(SparkplugMaxMetrics, SettingKind.Number, "100000", "Metrics of one node and its devices together, 1 to 10000000.") { Range = ("1", "10000000") },
        new(DeviceMessagesPerSecond, SettingKind.Cap, "1000", "Messages a second that one device may send, or none for no limit."),
        new(DeviceBurst, SettingKind.Cap, "", "Messages that a device may send at once after a pause, as when it catches up; ten seconds' worth when left empty."),
        new(DeviceBytesPerDay, SettingKind.Cap, "10000000000", "Payload bytes a UTC day that one device may send, or none."),
        new(DeviceMetrics, SettingKind.Cap, "2000", "Different metrics that one device may have, or none."),
        new(TenantMessagesPerSecond, SettingKind.Cap, "none", "Messages a second that all devices of a tenant together may send, or none."),
        new(TenantBurst, SettingKind.Cap, "", "Messages that a tenant's devices may send at once after a pause; ten seconds' worth when left empty."),
        new(TenantBytesPerDay, SettingKind.Cap, "none", "Payload bytes a UTC day that all devices of a tenant together may send, or none."),
        new(TenantMetrics, SettingKind.Cap, "none", "Different metrics that all devices of a tenant together may have, or none."),
        new(TenantDevices, SettingKind.Cap, "none", "Devices that a tenant may have, or none."),
        new(AutoRegister, SettingKind.Flag, "true", "Whether a device first seen behind a gateway is registered by itself, as type generic."),
        new(RulesReview, SettingKind.Text, "none", "Whether a version of a rule file must be approved before it is activated: none, or other: by somebody else than its author.") { Check = Review },
        new(RulesReopenWindow, SettingKind.Duration, "10m", "A fault that comes back within this time of event time is the same alarm again, up to 7d.") { Range = ("", "7d") },
        new(RulesSiteWindow, SettingKind.Duration, "1m", "Faults at one site that began no further apart than this may have one cause, 1s to 1h.") { Range = ("1s", "1h") },
        new(RulesStormBudget, SettingKind.Number, "10", "Alarms of one site that reach a person within the storm window; one storm alarm lists what goes beyond. 1 to 10000.") { Range = ("1", "10000") },
        new(RulesStormWindow, SettingKind.Duration, "10m", "The storm window, event time, 10s to 1d.") { Range = ("10s", "1d") },
        new(RulesLateRows, SettingKind.Number, "32", "Of each device so many of its last samples at least are kept to be judged again when an older one comes late; 0 judges in the order of arrival.") { Range = ("0", "100000") },
        new(RulesLateWindow, SettingKind.Duration, "1h", "How far back alarms are put right when a sample comes late, 1s to 2d of event time.") { Range = ("1s", "2d") },
        new(RulesMaxTimeShelved, SettingKind.Duration, "7d", "The longest an alarm may be shelved, 1m to 90d.") { Range = ("1m", "90d") },
        new(TrustedKeys, SettingKind.Text, "", "PEM file of the public keys, ECDSA P-256, whose holders' ONNX models may be imported. None may when it is not given."),
        new(StoreKind, SettingKind.Text, "segments", "How time series are stored: segments, duckdb (slower, for who wants SQL) or influxdb. A timeseries.duckdb of an earlier version is taken in once."),
        new(KeepSamples, SettingKind.Duration, "365d", "How long samples are kept, 1d to 3650d. What is older is removed at night.") { Range = ("1d", "3650d") },
        new(KeepMetrics, SettingKind.Lengths, "", "Metrics that are kept for less long than the rest, each with its time, 1h to 3650d: by name, or by what names begin with and a star. Store segments only.") { Range = ("1h", "3650d") },
        new(KeepPersonal, SettingKind.Duration, "30d", "How long metrics that a pack calls personal are kept, 1h to 3650d. Store segments only.") { Range = ("1h", "3650d") },
        new(KeepHours, SettingKind.Duration, "", "How much longer than samples the hours of each metric (mean, least, greatest, last) are kept; as long as they when not given."),
        new(DiskReserve, SettingKind.Number, "", "Free megabytes below which senders wait: room for the databases. A tenth of the disk, at most 512, when not given."),
        new(DiskWarn, SettingKind.Number, "", "Free megabytes below which an alarm is raised. A twentieth of the disk, at most 10240 and at least twice the reserve, when not given."),
        new(AdminApiKey, SettingKind.Text, "", "The administrator's API key, at least 16 characters. When not given, the first start makes one and prints it once."),
        new(LogLevel, SettingKind.Text, "warning", "trace, debug, information, warning or error."),
        new(MysteryEnabled, SettingKind.Flag, "false", "Whether the platform tries itself each day: a fault that nobody has is played and scored from the alarm to the closed ticket."),
        new(MysteryAt, SettingKind.Text, "04:30", "When, UTC. A time that passed while the platform was down is made up for the same day.") { Check = TimeOfDay },
        new(MysteryWithin, SettingKind.Duration, "1m", "How long the alarm may take once the telemetry is in the log, and the ticket once the alarm is there; 5s to 1h.") { Range = ("5s", "1h") },
        new(MysteryRecovery, SettingKind.Duration, "30m", "How long the alarm may take to clear once the telemetry is normal again; 1m to 1d.") { Range = ("1m", "1d") },
        new(PublicUrl, SettingKind.Text, "", "Where people reach the portal, for the links in messages: https://service.example.com. Without it messages have no link.") { Check = WebAddress },
        new(Signature, SettingKind.Text, "Service desk", "Who answers for messages about a ticket that nobody is assigned to. No message goes out without a name.") { Check = Name },
        new(MessagesExpire, SettingKind.Duration, "1d", "A message that ought to have gone so long ago is not sent any more, 1m to 30d: after a downtime nobody is flooded.") { Range = ("1m", "30d") },
        new(AllowPrivateAddresses, SettingKind.Flag, "false", "Whether messages may go to receivers on this machine or in the private network, and to http."),
        new(SmtpHost, SettingKind.Text, "", "The mail server. Without it nothing goes by e-mail."),
        new(SmtpPort, SettingKind.Number, "587", "Its port.") { Range = ("1", "65535") },
        new(SmtpTls, SettingKind.Text, "starttls", "starttls, tls (from the first byte, usually port 465) or none (a server on this machine).") { Check = TlsKind },
        new(SmtpUser, SettingKind.Text, "", "User at the mail server, where it asks for one."),
        new(SmtpPassword, SettingKind.Text, "", "Password of that user."),
        new(SmtpFrom, SettingKind.Text, "", "The address that e-mails come from. Needed with notifications.smtp.host."),
        new(SmsUrl, SettingKind.Text, "", "The gateway for text messages: it is posted {\"to\",\"text\",\"id\"}. Without it nothing goes by SMS.") { Check = WebAddress },
        new(SmsKey, SettingKind.Text, "", "Signs the requests to the gateway, as a webhook is signed."),
        new(InfluxUrl, SettingKind.Text, "http://127.0.0.1:8086", "The InfluxDB server."),
        new(InfluxVersion, SettingKind.Text, "v1", "Its write form: v1, v2 or v3."),
        new(InfluxDatabase, SettingKind.Text, "seamless", "Database (v1, v3) or bucket (v2)."),
        new(InfluxRetentionPolicy, SettingKind.Text, "", "Retention policy of v1; the database's default when not given."),
        new(InfluxOrganisation, SettingKind.Text, "", "Organisation of v2."),
        new(InfluxToken, SettingKind.Text, "", "Token of v2 and v3."),
        new(InfluxUser, SettingKind.Text, "", "User of v1, where it asks for one."),
        new(InfluxPassword, SettingKind.Text, "", "Password of that user."),
        new(BrokerUrl, SettingKind.Text, "", "An external MQTT 5 broker to read from, mqtt://host:1883 or mqtts://host:8883."),
        new(BrokerTenants, SettingKind.Text, "default", "Tenants whose devices are heard there, separated by commas."),
        new(BrokerGroup, SettingKind.Text, "seamless", "Nodes of one group share the messages."),
        new(BrokerClientId, SettingKind.Text, "", "Names the session at the broker: stable, and another on each node. Made from the machine's name when not given."),
        new(BrokerUser, SettingKind.Text, "", "User at the broker."),
        new(BrokerPassword, SettingKind.Text, "", "Password of that user."),
        new(HubConnection, SettingKind.Text, "", "Azure IoT Hub, policy service or iothubowner: for direct methods and twins."),
        new(HubEvents, SettingKind.Text, "", "Its Event Hubs-compatible endpoint, with EntityPath: telemetry is read there."),
        new(HubConsumerGroup, SettingKind.Text, "$Default", "Consumer group; one of our own is best."),
        new(HubLogin, SettingKind.Text, "plain", "plain (the key, inside TLS) or claims (a token that is signed with it)."),
        new(HubTenant, SettingKind.Text, "default", "The tenant to whom the hub's devices belong."),
    ];

    private static string? Review(string text) =>
        Enum.TryParse<ReviewDemand>(text, ignoreCase: true, out var demand) && Enum.IsDefined(demand) ? null : $"'{text}' is not one of none, other";

    private static string? TimeOfDay(string text) =>
        TimeOnly.TryParseExact(text, "HH:mm", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out _) ? null : $"'{text}' is not a time of day such as 04:30";

    private static string? WebAddress(string text) =>
        text.Length == 0 || (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https") ? null : $"'{text}' is not an address such as https://service.example.com";

    private static string? Name(string text) => string.IsNullOrWhiteSpace(text) ? "a name is needed: no message goes out without one" : null;

    private static string? TlsKind(string text) => text.ToLowerInvariant() is "starttls" or "tls" or "none" ? null : $"'{text}' is not one of starttls, tls, none";

    private static string? HostId(string text) =>
        text.Length is > 0 and <= 128 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':' or '-') ? null : $"'{text}' is not a host id: 1 to 128 letters, digits and _ . : -";

    public static Setting Get(string key) => All.Single(setting => setting.Key == key);
}
