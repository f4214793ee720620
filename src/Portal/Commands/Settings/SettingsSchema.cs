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
    public const string TlsCertificate = "tls.certificate";
    public const string TlsPassword = "tls.password";
    public const string ClockTolerance = "ingest.clockTolerance";
    public const string Backfill = "ingest.backfill";
    public const string GapGrace = "ingest.gapGrace";
    public const string StoreKind = "store.kind";
    public const string KeepHours = "store.keepHours";
    public const string AdminApiKey = "admin.apiKey";
    public const string LogLevel = "log.level";

    public static readonly IReadOnlyList<Setting> All =
    [
        new(Data, SettingKind.Text, "./data", "Directory of everything the platform writes. Deleting it is a factory reset."),
        new(Packs, SettingKind.Text, "", "Directory of the equipment packs; found beside the program or above the working directory when not given."),
        new(HttpUrl, SettingKind.Text, "http://localhost:5080", "Where portal and API listen. https needs tls.certificate."),
        new(HttpInsecure, SettingKind.Flag, "false", "Allow http on an address that others can reach. Only behind a proxy that adds TLS."),
        new(MqttEndpoint, SettingKind.Text, "127.0.0.1:1883", "Where devices connect, host:port."),
        new(MqttTlsEndpoint, SettingKind.Text, "", "Where devices connect over TLS, host:port (usually 0.0.0.0:8883). Needs tls.certificate."),
        new(TlsCertificate, SettingKind.Text, "", "PKCS #12 file (.pfx) for https and MQTT over TLS."),
        new(TlsPassword, SettingKind.Text, "", "Password of the certificate file."),
        new(ClockTolerance, SettingKind.Duration, "10m", "How far a device's clock may run ahead of ours before its samples are refused."),
        new(Backfill, SettingKind.Flag, "true", "Whether devices are asked for samples that never came."),
        new(GapGrace, SettingKind.Duration, "30s", "How long a gap in a device's sequence numbers may stay open before the device is asked."),
        new(StoreKind, SettingKind.Text, "segments", "How time series are stored: segments, or duckdb (slower, for who wants SQL). A timeseries.duckdb of an earlier version is taken in once."),
        new(KeepHours, SettingKind.Duration, "0s", "How much longer than samples the hours of each metric (mean, least, greatest, last) are kept."),
        new(AdminApiKey, SettingKind.Text, "", "The administrator's API key, at least 16 characters. When not given, the first start makes one and prints it once."),
        new(LogLevel, SettingKind.Text, "warning", "trace, debug, information, warning or error."),
    ];

    public static Setting Get(string key) => All.Single(setting => setting.Key == key);
}
