using System.Globalization;
using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

namespace Seamless.DeviceAgent.Updates;

/// <summary>Section <c>updates</c> of the agent's configuration; without it the agent takes no updates.</summary>
/// <remarks>Set, not init: see <see cref="Configuration.AgentConfiguration"/>.</remarks>
public sealed record UpdatesConfiguration
{
    /// <summary>The folder with the slots A and B; the one the launcher was given.</summary>
    public string Root { get; set; } = "";

    /// <summary>The platform's HTTP address, for payloads.</summary>
    public string Server { get; set; } = "";

    /// <summary>The signed document of who may release and assign.</summary>
    public string Keys { get; set; } = "";
    public string Product { get; set; } = "seamless-agent";
    public string Hardware { get; set; } = "";
    public int MaxMegabytes { get; set; } = 256;
    public double ProbationMinutes { get; set; } = 10;
    public double RetrySeconds { get; set; } = 60;

    /// <summary>When it may install, <c>HH:mm-HH:mm</c> UTC; empty for any time.</summary>
    public string Window { get; set; } = "";
    public InstallCondition[] Conditions { get; set; } = [];

    public UpdaterOptions Options() => new(TimeSpan.FromMinutes(ProbationMinutes), TimeSpan.FromSeconds(RetrySeconds));

    public string? Problem()
    {
        if (Root.Length == 0) return "updates.root is required: the folder with the slots A and B";
        if (!Uri.TryCreate(Server, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return $"updates.server '{Server}' is not http://host[:port] or https://host[:port]";
        if (!File.Exists(Keys)) return $"updates.keys '{Keys}': no such file; make it with: seamless update trust";
        if (!DeviceKey.IsValidName(Hardware)) return "updates.hardware is required: the hardware id that releases name, usually the equipment type";
        if (MaxMegabytes is < 1 or > 65536) return $"updates.maxMegabytes {MaxMegabytes}: 1 to 65536";
        if (ProbationMinutes is not (>= 0.05 and <= 1440)) return $"updates.probationMinutes {ProbationMinutes}: 0.05 to 1440";
        if (RetrySeconds is not (>= 0.1 and <= 86_400)) return $"updates.retrySeconds {RetrySeconds}: 0.1 to 86400";
        if (Window.Length > 0 && WindowOf(Window) is null) return $"updates.window '{Window}' is not HH:mm-HH:mm";
        if (Conditions.FirstOrDefault(c => c.Metric.Length == 0 || (c.Min is null && c.Max is null)) is not null) return "updates.conditions: each needs a metric and min or max";
        return FirstKeys() is { Succeeded: false, Refusal.Reason: var wrong } ? $"updates.keys '{Keys}': {wrong}" : null;
    }

    /// <summary>The keys the machine was given; whoever gave them answers for them, so they are signed by themselves alone.</summary>
    public Outcome<TrustedKeys> FirstKeys()
    {
        var document = UpdateDocuments.Read(File.ReadAllBytes(Keys), UpdateJson.Default.SignedDocument);
        if (!document.Succeeded) return document.Refusal;
        var keys = UpdateDocuments.Read(document.Value, TrustedKeys.Type, UpdateJson.Default.TrustedKeys);
        if (!keys.Succeeded) return keys;
        if (keys.Value.WhatIsWrong() is { } wrong) return Refusal.Invalid(wrong);
        return keys.Value.HasRelease(document.Value, TrustedKeys.Type) ? keys : new Refusal("signature", "it is not signed by its own release keys");
    }

    public static DailyWindow? WindowOf(string text) =>
        text.Split('-') is [var from, var to] && TimeOnly.TryParseExact(from, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var begins)
            && TimeOnly.TryParseExact(to, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var ends)
            ? new DailyWindow((begins.Hour * 60) + begins.Minute, (ends.Hour * 60) + ends.Minute)
            : null;
}
