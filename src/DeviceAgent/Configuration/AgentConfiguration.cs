using System.Text.Json;
using System.Text.Json.Serialization;
using Seamless.DeviceAgent.Sensing;
using Seamless.DeviceAgent.Updates;
using Seamless.Telemetry;

namespace Seamless.DeviceAgent.Configuration;

/// <summary>What the agent is told. Layers, the later wins: file, environment <c>SEAMLESS_AGENT_…</c>, command line. Keys: docs/reference/agent.md.</summary>
/// <remarks>Set, not init: the generated reader assigns every init property, and with what the file leaves out it would wipe the defaults.</remarks>
public sealed record AgentConfiguration
{
    public string? Server { get; set; }
    public string? Device { get; set; }
    public string Tenant { get; set; } = DeviceKey.DefaultTenant;
    public string? Token { get; set; }

    /// <summary>A file with the token alone, so that it stays out of process lists and of this file.</summary>
    public string? TokenFile { get; set; }
    public string? CaFile { get; set; }

    /// <summary><c>host</c>, <c>none</c>, <c>-</c> for standard input, or the path of a CSV or JSON Lines file.</summary>
    public string Source { get; set; } = "host";
    public bool Follow { get; set; }

    /// <summary>An accelerometer that is judged here, besides <see cref="Source"/>.</summary>
    public VibrationConfiguration? Vibration { get; set; }

    /// <summary>Seconds between two readings of the host.</summary>
    public double Interval { get; set; } = 5;

    /// <summary>Sends what says something new, instead of everything; null for everything.</summary>
    public ReportConfiguration? Report { get; set; }
    public string State { get; set; } = "agent-state";
    public int OutboxMegabytes { get; set; } = 64;

    /// <summary>How much of the outbox may be history: what was acknowledged and is kept for the platform to ask for. 0 for none.</summary>
    public int HistoryMegabytes { get; set; } = 16;

    /// <summary>How long history is kept at most.</summary>
    public double HistoryHours { get; set; } = 72;

    /// <summary>Commands that may act.</summary>
    public string[] Commands { get; set; } = ["self-test", "set-interval", "backfill"];

    /// <summary>Service → argv that restarts it.</summary>
    public Dictionary<string, string[]> Services { get; set; } = [];

    /// <summary>argv whose exit code 0 means that the watched service is up (metric <c>serviceUp</c>).</summary>
    public string[] ServiceCheck { get; set; } = [];
    public string[] Reboot { get; set; } = [];

    /// <summary>Compiled rules (<c>seamless pack compile</c>) to judge by at the machine.</summary>
    public string? Rules { get; set; }

    /// <summary>The public key (PEM) of who may sign rules.</summary>
    public string? RulesKey { get; set; }

    /// <summary>How the program itself is replaced; null: by hand alone.</summary>
    public UpdatesConfiguration? Updates { get; set; }

    /// <summary>Reads the file; the error names line and column.</summary>
    public static Outcome<AgentConfiguration> Load(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize(file, ConfigurationJson.Default.AgentConfiguration) ?? new AgentConfiguration();
        }
        catch (JsonException e)
        {
            return Refusal.Invalid($"{path}, line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refusal.Invalid(e.Message);
        }
    }

    /// <summary>What is missing or wrong, in words for the person at the shell; null when the agent can start.</summary>
    public string? Problem()
    {
        if (Server is null) return "--server is required, for example --server mqtt://platform:1883";
        if (!Uri.TryCreate(Server, UriKind.Absolute, out var uri) || uri.Scheme is not ("mqtt" or "mqtts")) return $"--server '{Server}' is not mqtt://host[:port] or mqtts://host[:port]";
        if (Device is null) return "--device is required: the id under which the platform knows this device";
        if (!DeviceKey.IsValidName(Device)) return $"--device '{Device}': 1 to 128 characters of A-Z a-z 0-9 _ . : -";
        if (!DeviceKey.IsValidName(Tenant)) return $"--tenant '{Tenant}': 1 to 128 characters of A-Z a-z 0-9 _ . : -";
        if (!(Interval >= SamplingInterval.Shortest.TotalSeconds && Interval <= SamplingInterval.Longest.TotalSeconds)) return $"--interval {Interval}: seconds, 0.1 to 86400";
        if (OutboxMegabytes is < 1 or > 65536) return $"--outbox-megabytes {OutboxMegabytes}: 1 to 65536";
        if (HistoryMegabytes is < 0 or > 65536) return $"--history-megabytes {HistoryMegabytes}: 0 to 65536";
        if (HistoryHours is not (>= 0 and <= 87_600)) return $"--history-hours {HistoryHours}: hours, 0 to 87600";
        if (Rules is not null && !File.Exists(Rules)) return $"--rules '{Rules}': no such file";
        if (Rules is not null && RulesKey is null) return "--rules-key is required with --rules: the public key of who signed them";
        if (RulesKey is not null && !File.Exists(RulesKey)) return $"--rules-key '{RulesKey}': no such file";
        if (Source is not ("host" or "none" or "-") && !File.Exists(Source)) return $"--source '{Source}': no such file (host, none, -, or a path)";
        if (Source == "none" && Vibration is null) return "--source none leaves nothing to measure: configure vibration";
        return Report?.Problem() ?? Vibration?.Problem(Source) ?? Updates?.Problem();
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(AgentConfiguration))]
internal sealed partial class ConfigurationJson : JsonSerializerContext;
