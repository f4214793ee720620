using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Seamless.Learning;
using Seamless.Portal.Api;
using Seamless.Portal.Commands.Settings;
using Seamless.Telemetry;

namespace Seamless.Portal.Commands;

/// <summary><c>models list|report|shadow|trial|promote|return|retire|export|import|train|jobs|cancel|refit</c>: versions of trained models, beside a running or a stopped <c>serve</c>.</summary>
internal static class ModelVerbs
{
    internal const string Path = "api/v1/models";

    public static Command Create() =>
        Verb.Create("models", "Trained models: their versions, reports, and which is in force.", "models list").With(List(), Report(), Shadow(), Trial(), Promote(), Return(), Retire(), ModelExchangeVerbs.Export(), ModelExchangeVerbs.Import(), ModelTrainingVerbs.Train(), ModelTrainingVerbs.Jobs(), ModelTrainingVerbs.Cancel(), ModelTrainingVerbs.Refit());

    private static Command List() =>
        Verb.Create("list", "All versions of all models.", "models list --json")
            .With(Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<Page<ModelView>>(settings, (http, token) => http.GetAsync($"{Path}?limit={PageQuery.MaxLimit}", token), page =>
            {
                if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(page.Items);
                else Terminal.PrintTable(["ID", "KIND", "STATUS", "TRAINED", "ROWS", "CODE"], page.Items.OrderBy(m => m.Name, StringComparer.Ordinal).ThenByDescending(m => m.TrainedAt).Select(Row));
            }, ct));

    private static Command Report()
    {
        var id = Id();
        return Verb.Create("report", "A model's evaluation report, as JSON.", "models report turbofan-rul@1c0f3a52-1")
            .With(id)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<JsonElement>(settings, (http, token) => http.GetAsync($"{Of(parsed.GetRequiredValue(id))}/report", token), Terminal.PrintJson, ct));
    }

    private static Command Shadow()
    {
        var (id, reason) = (Id(), Reason());
        return Verb.Create("shadow", "Try a version beside the active one: it judges the same rows and raises nothing.", "models shadow turbofan-rul@1c0f3a52-2")
            .With(id, reason, Verb.Json)
            .Run((parsed, settings, ct) => ChangeAsync(parsed, settings, id, "shadow", new ModelReason(parsed.GetValue(reason)), ct));
    }

    private static Command Trial()
    {
        var id = Id();
        return Verb.Create("trial", "The active version beside its challenger: agreement, false alarms, errors.", "models trial turbofan-rul@1c0f3a52-2", "models trial turbofan-rul@1c0f3a52-2 --json")
            .With(id, Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<TrialView>(settings, (http, token) => http.GetAsync($"{Of(parsed.GetRequiredValue(id))}/trial", token), view =>
            {
                if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(view);
                else PrintTrial(view);
            }, ct));
    }

    private static void PrintTrial(TrialView view)
    {
        var trial = view.Trial;
        static string Text(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "-";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{trial.Rows} rows of {trial.Machines} machines since {trial.Since.UtcDateTime:yyyy-MM-dd HH:mm}; agreement {Text(trial.Agreement)}; {trial.Settled} samples settled, {trial.Ended} failures confirmed"));
        Console.WriteLine(view.IsEnough ? "The gate judges by this trial." : $"The gate judges by the held-out rows until {TrialReport.EnoughSettled} samples are settled and {TrialReport.EnoughEnded} failures confirmed.");
        Terminal.PrintTable(["MODEL", "IS", "CALLS", "FALSE", "FALSE RATE", "ECE", "MAE", "PSI"], new[] { ("champion", trial.Champion, view.ChampionDrift), ("challenger", trial.Challenger, view.ChallengerDrift) }
            .Select(side => (IReadOnlyList<string>)[side.Item2.Model, side.Item1, $"{side.Item2.Calls}", $"{side.Item2.FalseAlarms}", Text(side.Item2.FalseAlarmRate), Text(side.Item2.Calibration), Text(side.Item2.Mae), Text(side.Item3)]));
    }

    private static Command Promote()
    {
        var id = Id();
        var force = new Option<bool>("--force") { Description = "Even when the gate refuses it: worse false alarms or calibration than the active version. Needs --reason." };
        var reason = Reason();
        return Verb.Create("promote", "Make a model the active one of its name.", "models promote turbofan-rul@1c0f3a52-1", "models promote turbofan-rul@1c0f3a52-1 --force --reason \"new engines\"")
            .With(id, force, reason, Verb.Json)
            .Run((parsed, settings, ct) => ChangeAsync(parsed, settings, id, "promote", new PromotionOrder(parsed.GetValue(reason), parsed.GetValue(force)), ct));
    }

    private static Command Return()
    {
        var (id, reason) = (Id(), Reason());
        return Verb.Create("return", "Take back the promotion of the active model: the one before is active again.", "models return turbofan-rul@1c0f3a52-2 --reason \"too many alarms\"")
            .With(id, reason, Verb.Json)
            .Run((parsed, settings, ct) => ChangeAsync(parsed, settings, id, "return", new ModelReason(parsed.GetValue(reason)), ct));
    }

    private static Command Retire()
    {
        var (id, reason) = (Id(), Reason());
        return Verb.Create("retire", "Take a model out of use; when it is the active one, none of its name is.", "models retire turbofan-rul@1c0f3a52-1")
            .With(id, reason, Verb.Json)
            .Run((parsed, settings, ct) => ChangeAsync(parsed, settings, id, "retire", new ModelReason(parsed.GetValue(reason)), ct));
    }

    internal static Argument<string> Id() => new("ID") { Description = "The model, as the list shows it: name@version." };
    private static Option<string?> Reason() => new("--reason") { Description = "Why; kept in the audit and the model's history.", HelpName = "TEXT" };

    internal static string Of(string id) => $"{Path}/{Uri.EscapeDataString(id)}";

    private static Task<int> ChangeAsync<TOrder>(ParseResult parsed, PlatformSettings settings, Argument<string> id, string what, TOrder order, CancellationToken ct) =>
        PlatformClient.AskAsync<ModelView>(settings, (http, token) => http.PostAsJsonAsync($"{Of(parsed.GetRequiredValue(id))}/{what}", order, ApiJson.Options, token), model => Print(parsed, model), ct);

    internal static void Print(ParseResult parsed, ModelView model)
    {
        if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(model);
        else Console.WriteLine($"{model.Id} is {Status(model)}");
    }

    private static string Status(ModelView model) => model.IsChallenger ? "shadow (challenger)" : model.Status;

    private static IReadOnlyList<string> Row(ModelView model) =>
        [model.Id, model.Kind, Status(model), model.TrainedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), $"{model.Data?.Rows}", model.CodeVersion ?? ""];
}
