using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using Seamless.Portal.Api;
using Seamless.ServiceDesk.Journeys;

namespace Seamless.Portal.Commands;

/// <summary><c>journey</c>: how customers have found each stage of their way with us, from the shell.</summary>
internal static class JourneyVerbs
{
    private static readonly Argument<string> Customer = new("CUSTOMER") { Description = "The customer, as on their devices." };

    public static Command Create() => Verb.Create("journey", "How customers have found each stage of their way; the weakest counts.", "journey show acme", "journey enter acme install 95 --device pump-1").With(Show(), Enter());

    private static Command Show() => Verb.Create("show", "The stages of a customer's machines and of the account, the weakest machine first.", "journey show acme").With(Customer, Verb.Json)
        .Run((parsed, settings, ct) => PlatformClient.AskAsync<CustomerJourney>(settings, (http, token) => http.GetAsync(PathOf(parsed), token), journey =>
        {
            if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(journey);
            else Terminal.PrintTable(["OF", "STAGE", "SCORE", "COLOUR", "SINCE", "NOTE"], journey.Assets.SelectMany(a => a.Stages).Select(s => (IReadOnlyList<string>)
                [s.Device ?? "account", ApiJson.NameOf(s.Stage), s.Score.ToString("0.#", CultureInfo.InvariantCulture), ApiJson.NameOf(s.Colour), $"{s.At:u}", s.Note ?? "-"]));
        }, ct));

    private static Command Enter()
    {
        var stage = new Argument<JourneyStage>("STAGE") { Description = "awareness, order, delivery, install, training, operation or brand." };
        var score = new Argument<double>("SCORE") { Description = "0 not at all as they wished, 100 entirely." };
        var device = new Option<string?>("--device") { Description = "About this machine; about the account when not given.", HelpName = "ID" };
        var note = new Option<string?>("--note") { Description = "Why.", HelpName = "TEXT" };
        return Verb.Create("enter", "How the customer found a stage.", "journey enter acme install 95 --device pump-1").With(Customer, stage, score, device, note)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<StageScore>(
                settings, (http, token) => http.PostAsJsonAsync(PathOf(parsed), new StageRequest(parsed.GetRequiredValue(stage), parsed.GetRequiredValue(score), parsed.GetValue(device), parsed.GetValue(note)), ApiJson.Options, token),
                entered => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ApiJson.NameOf(entered.Stage)}: {entered.Score:0.#}, {ApiJson.NameOf(entered.Colour)}")), ct));
    }

    private static string PathOf(ParseResult parsed) => $"api/v1/customers/{Uri.EscapeDataString(parsed.GetRequiredValue(Customer))}/journey";
}
