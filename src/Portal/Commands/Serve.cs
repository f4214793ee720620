using System.CommandLine;
using Seamless.Portal.Commands.Settings;

namespace Seamless.Portal.Commands;

/// <summary><c>serve</c>: the platform, embedded defaults, all in one process.</summary>
internal static class Serve
{
    public static readonly Option<string?> Http = new("--http") { Description = "Where portal and API listen (default http://localhost:5080).", HelpName = "URL" };
    public static readonly Option<string?> Mqtt = new("--mqtt") { Description = "Where devices connect (default 127.0.0.1:1883).", HelpName = "HOST:PORT" };
    public static readonly Option<bool> Insecure = new("--insecure") { Description = "Allow http on a public address (behind a proxy that adds TLS)." };
    public static readonly Option<string?> LogLevel = new("--log") { Description = "trace, debug, information, warning or error.", HelpName = "LEVEL" };

    public static Command Create() =>
        Verb.Create("serve", "The platform. Prints 'ready' on a line of its own once both doors are open.", "serve --data /var/lib/seamless --mqtt 0.0.0.0:1883")
            .With(Http, Mqtt, Insecure, LogLevel)
            .Run(RunAsync, Given);

    public static Dictionary<string, string?> Given(ParseResult parsed) => new()
    {
        [SettingsSchema.HttpUrl] = parsed.GetValue(Http),
        [SettingsSchema.MqttEndpoint] = parsed.GetValue(Mqtt),
        [SettingsSchema.HttpInsecure] = parsed.GetValue(Insecure) ? "true" : null,
        [SettingsSchema.LogLevel] = parsed.GetValue(LogLevel),
    };

    private static async Task<int> RunAsync(ParseResult parsed, PlatformSettings settings, CancellationToken ct)
    {
        var options = PlatformOptions.From(settings);
        if (!options.Succeeded) return Terminal.Refuse(options.Refusal);
        CompleteSocketsInline();
        await using var platform = await Platform.StartAsync(options.Value, ct);
        Console.WriteLine($"http  {platform.HttpAddress}{(options.Value.HttpUrl.Scheme == "http" ? "  (no TLS: for this machine, or behind a proxy)" : "")}");
        Console.WriteLine($"mqtt  {platform.MqttEndpoint}");
        if (platform.NewAdminKey is { } key) Console.WriteLine($"admin API key, shown once: {key}");
        Console.WriteLine("ready");
        await platform.WaitForShutdownAsync(ct);
        return Terminal.Success;
    }

    /// <summary>Lets whoever learns that a socket has data also read and judge it, instead of waking another thread for it: a third of the processor time at low
    /// rates. Only here, where nothing that follows an await on a socket blocks, and before the first socket is opened, when the runtime reads it.</summary>
    private static void CompleteSocketsInline() => Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
}
