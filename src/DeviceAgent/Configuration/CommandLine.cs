using System.Collections;
using System.Globalization;
using Seamless.Telemetry;

namespace Seamless.DeviceAgent.Configuration;

/// <summary>Command line and environment on top of the file.</summary>
public static class CommandLine
{
    private const string EnvironmentPrefix = "SEAMLESS_AGENT_";

    public const string Help = """
        seamless-agent: sends a machine's measurements to Seamless, keeps them on disk while it cannot, and answers commands.

        Usage:    seamless-agent --server mqtt://HOST[:PORT] --device ID [options]
                  seamless-agent launch --root DIR [--entry PROGRAM] [--probation MINUTES] -- [options]
        Example:  seamless-agent --server mqtt://platform:1883 --device web-7 --token-file /etc/seamless/token --interval 10

          --config FILE           JSON file with the same keys in camelCase; the options below win over it
          --server URL            mqtt://host[:1883] or mqtts://host[:8883]
          --device ID             the device as the platform knows it (seamless device add ID --type server)
          --tenant NAME           default: default
          --token TOKEN           better: --token-file FILE, or the variable SEAMLESS_AGENT_TOKEN
          --ca-file FILE          PEM of the authority to trust for mqtts
          --source WHAT           host (default) | none | - (standard input) | FILE, CSV with header ts,metric,… or JSON lines
          --follow                at the end of the file wait for more
          --interval SECONDS      between two readings of the host, default 5
          --report-every SECONDS  send only what says something new, and one measurement in so many seconds; default everything
          --state DIR             outbox and command journal, default ./agent-state
          --outbox-megabytes N    what the outbox may take; above it the oldest samples go, counted; default 64
          --history-megabytes N   how much of that may be samples that were sent, for the platform to ask for; default 16
          --history-hours N       how long they are kept at most; default 72
          --rules FILE            rules compiled and signed by the platform, to judge by here
          --rules-key FILE        the public key (PEM) of who may sign them
          --allow A,B             commands that may act: self-test,set-interval,backfill,restart-service,reboot; default the first three
          --check                 say whether the configuration is good, and stop
          --version, --help

        launch starts the program in DIR/A or DIR/B, whichever is in force, tries a new one once, and goes back when it does not prove itself.

        Every option is also a variable: SEAMLESS_AGENT_SERVER, SEAMLESS_AGENT_TOKEN_FILE, …
        Exit codes: 0 done, 1 failure, 2 wrong use.
        """;

    /// <param name="environment">All variables; those with our prefix count.</param>
    public static Outcome<AgentConfiguration> Read(IReadOnlyList<string> args, IDictionary environment)
    {
        var options = new Dictionary<string, string>();
        foreach (DictionaryEntry variable in environment)
        {
            var name = (string)variable.Key;
            if (name.StartsWith(EnvironmentPrefix, StringComparison.Ordinal) && variable.Value is string value)
            {
                options[name[EnvironmentPrefix.Length..].ToLowerInvariant().Replace('_', '-')] = value;
            }
        }
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal)) return Refusal.Invalid($"'{args[i]}' is not an option; see --help");
            var (name, value) = Split(args[i][2..]);
            if (name is "follow" or "check") value ??= "true";
            else if (value is null && ++i == args.Count) return Refusal.Invalid($"--{name} needs a value");
            options[name] = value ?? args[i];
        }
        return Apply(options);
    }

    private static Outcome<AgentConfiguration> Apply(Dictionary<string, string> options)
    {
        var configuration = new AgentConfiguration();
        if (options.Remove("config", out var file))
        {
            var loaded = AgentConfiguration.Load(file);
            if (!loaded.Succeeded) return loaded;
            configuration = loaded.Value;
        }
        foreach (var (name, value) in options)
        {
            if (With(configuration, name, value) is not { } next) return Refusal.Invalid($"--{name} {value}: unknown option or wrong value; see --help");
            configuration = next;
        }
        return WithTokenFromFile(configuration);
    }

    private static AgentConfiguration? With(AgentConfiguration c, string name, string value) => name switch
    {
        "server" => c with { Server = value },
        "device" => c with { Device = value },
        "tenant" => c with { Tenant = value },
        "token" => c with { Token = value },
        "token-file" => c with { TokenFile = value },
        "ca-file" => c with { CaFile = value },
        "source" => c with { Source = value },
        "rules" => c with { Rules = value },
        "rules-key" => c with { RulesKey = value },
        "follow" => bool.TryParse(value, out var follow) ? c with { Follow = follow } : null,
        "interval" => double.TryParse(value, CultureInfo.InvariantCulture, out var seconds) ? c with { Interval = seconds } : null,
        "report-every" => double.TryParse(value, CultureInfo.InvariantCulture, out var every) ? c with { Report = (c.Report ?? new ReportConfiguration()) with { Every = every } } : null,
        "state" => c with { State = value },
        "outbox-megabytes" => int.TryParse(value, CultureInfo.InvariantCulture, out var megabytes) ? c with { OutboxMegabytes = megabytes } : null,
        "history-megabytes" => int.TryParse(value, CultureInfo.InvariantCulture, out var history) ? c with { HistoryMegabytes = history } : null,
        "history-hours" => double.TryParse(value, CultureInfo.InvariantCulture, out var hours) ? c with { HistoryHours = hours } : null,
        "allow" => c with { Commands = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) },
        "check" => c,
        _ => null,
    };

    private static Outcome<AgentConfiguration> WithTokenFromFile(AgentConfiguration configuration)
    {
        if (configuration.TokenFile is not { } path || configuration.Token is not null) return configuration;
        return File.Exists(path)
            ? configuration with { Token = File.ReadAllText(path).Trim() }
            : Refusal.Invalid($"--token-file {path}: no such file");
    }

    private static (string Name, string? Value) Split(string option)
    {
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (option, null) : (option[..equals], option[(equals + 1)..]);
    }
}
