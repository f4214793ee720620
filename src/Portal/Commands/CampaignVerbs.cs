using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using Seamless.Portal.Api;
using Seamless.Portal.Commands.Settings;

namespace Seamless.Portal.Commands;

/// <summary><c>update campaign create|list|show|start|pause|resume|abort</c>.</summary>
internal static class CampaignVerbs
{
    private const string Path = "api/v1/updates/campaigns";

    public static Command Create() =>
        Verb.Create("campaign", "A release to a fleet, wave by wave.", "update campaign list")
            .With(New(), List(), Show(), Act("start", "Plan the waves and begin."), Act("pause", "No more offers; what is under way goes on."),
                Act("resume", "Go on; let a wave pass that was judged not to."), Act("abort", "End it for good."));

    private static Command New()
    {
        var name = new Argument<string>("NAME") { Description = "Its own; asked for again it is the same." };
        var artefact = new Option<string>("--artefact") { Description = "The id that update publish printed.", Required = true, HelpName = "ID" };
        var type = new Option<string?>("--type") { Description = "Only this equipment type." };
        var site = new Option<string?>("--site") { Description = "Only this site." };
        var tag = new Option<string?>("--tag") { Description = "Only devices with this tag.", HelpName = "NAME=VALUE" };
        var runs = new Option<string?>("--runs") { Description = "Only devices that run this version.", HelpName = "V" };
        var window = new Option<string?>("--window") { Description = "When devices may install, at their site.", HelpName = "HH:mm-HH:mm" };
        var shares = new Option<double[]?>("--share") { Description = "Part of the fleet that a wave reaches; several: the option again, the last is 1." };
        var canary = new Option<int?>("--canary") { Description = "Least devices of the first wave.", HelpName = "N" };
        var soak = new Option<double?>("--soak-minutes") { Description = "How long a wave is watched.", HelpName = "N" };
        return Verb.Create("create", "A draft; prints its id alone on the last line.", "update campaign create june --artefact 3f… --type pump --window 01:00-05:00")
            .With(name, artefact, type, site, tag, runs, window, shares, canary, soak, Verb.Json)
            .Run((parsed, settings, ct) =>
            {
                var order = new CampaignOrder(
                    parsed.GetRequiredValue(name), parsed.GetRequiredValue(artefact), new CampaignTarget(parsed.GetValue(type), parsed.GetValue(site), parsed.GetValue(tag), parsed.GetValue(runs)), parsed.GetValue(window),
                    parsed.GetValue(canary), parsed.GetValue(shares) is { Length: > 0 } given ? given : null, parsed.GetValue(soak));
                return PlatformClient.AskAsync<CampaignView>(settings, (http, token) => http.PostAsJsonAsync(Path, order, ApiJson.Options, token), campaign => Print(parsed, campaign), ct);
            });
    }

    private static Command List() =>
        Verb.Create("list", "Campaigns, newest first.", "update campaign list --json")
            .With(Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<Page<CampaignView>>(settings, (http, token) => http.GetAsync(Path, token), page =>
            {
                if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(page.Items);
                else Terminal.PrintTable(["ID", "NAME", "STATE", "WAVE", "DONE", "FAILED", "WHY"], page.Items.Select(c => (IReadOnlyList<string>)
                    [c.Id, c.Name, $"{c.State}", c.Waves.Count > 0 ? c.Waves[c.Wave].Name : "-", $"{c.Waves.Sum(w => w.Succeeded)}/{c.Waves.Sum(w => w.Devices)}", $"{c.Waves.Sum(w => w.Failed)}", c.Waiting ?? ""]));
            }, ct));

    private static Command Show()
    {
        var id = Id();
        return Verb.Create("show", "Waves and how they compare with devices that were left alone.", "update campaign show uc-0123456789abcdef")
            .With(id, Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<CampaignView>(settings, (http, token) => http.GetAsync($"{Path}/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", token), campaign =>
            {
                if (parsed.GetValue(Verb.Json))
                {
                    Terminal.PrintJson(campaign);
                    return;
                }
                Console.WriteLine($"{campaign.Name}: {campaign.State} {campaign.Waiting}");
                Terminal.PrintTable(["WAVE", "DEVICES", "PENDING", "UNDER WAY", "SUCCEEDED", "FAILED", "MISSED", "OTHER"], campaign.Waves.Select(w => (IReadOnlyList<string>)
                    [w.Name, $"{w.Devices}", $"{w.Pending}", $"{w.UnderWay}", $"{w.Succeeded}", $"{w.Failed}", $"{w.Missed}", $"{w.Other}"]));
                if (campaign.Comparisons.Count > 0) Terminal.PrintTable(["KIND", "PER 1000 H", "LEFT ALONE", "P"], campaign.Comparisons.Select(c => (IReadOnlyList<string>)
                    [c.Kind, c.Rate.ToString("0.##", CultureInfo.InvariantCulture), c.ControlRate.ToString("0.##", CultureInfo.InvariantCulture), c.P.ToString("0.0000", CultureInfo.InvariantCulture)]));
            }, ct));
    }

    private static Command Act(string what, string description)
    {
        var id = Id();
        return Verb.Create(what, description, $"update campaign {what} uc-0123456789abcdef")
            .With(id, Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<CampaignView>(
                settings, (http, token) => http.PostAsync($"{Path}/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/{what}", null, token), campaign => Print(parsed, campaign), ct));
    }

    private static Argument<string> Id() => new("ID") { Description = "As campaign create printed it." };

    private static void Print(ParseResult parsed, CampaignView campaign)
    {
        if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(campaign);
        else Console.WriteLine(campaign.Id);
    }
}
