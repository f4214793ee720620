using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using Seamless.Learning.Training;
using Seamless.Portal.Api;
using Seamless.Portal.Commands.Settings;
using Seamless.Telemetry;

namespace Seamless.Portal.Commands;

/// <summary><c>models train|jobs|cancel|refit</c>: models learned from the platform's own history.</summary>
internal static class ModelTrainingVerbs
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Train()
    {
        var kind = new Argument<string>("KIND") { Description = "failure or rul." };
        var name = new Argument<string>("NAME") { Description = "The model's name, by which rules call it." };
        var history = new Option<string>("--history") { Description = "Equipment type whose history is learned from.", Required = true, HelpName = "TYPE" };
        var from = new Option<Instant>("--from") { Description = "Begin, inclusive.", Required = true, HelpName = "TIME", CustomParser = TimeOptions.Parse };
        var to = new Option<Instant?>("--to") { Description = "End, exclusive; now by default.", HelpName = "TIME", CustomParser = argument => TimeOptions.Parse(argument) };
        var metrics = Text("--metrics", "Inputs, comma-separated; by default all numbers that at least half of the devices send.", "METRIC,…");
        var modes = Text("--modes", "For failure: the failure modes to learn, comma-separated; by default all with three failures.", "MODE,…");
        var step = Text("--step", "A row is the means of so long (10m).", "SPAN");
        var horizon = Text("--horizon", "For failure: so long before a fault's end a row is failing (24h).", "SPAN");
        var startUp = Text("--start-up", "So long after a gap or a stop a row is left out (30m).", "SPAN");
        var cap = new Option<double>("--cap") { Description = "For rul: longest remaining life that is told apart, in steps.", HelpName = "N", DefaultValueFactory = _ => 125 };
        var seed = new Option<int>("--seed") { Description = "The same seed and history, the same model.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var noWait = new Option<bool>("--no-wait") { Description = "Order it and return; 'models jobs' shows how far it is." };
        return Verb.Create("train", "Train a model from the platform's own history.", "models train failure pump-failure --history pump --from 2026-01-01T00:00:00Z --step 10m --horizon 24h")
            .With(kind, name, history, from, to, metrics, modes, step, horizon, startUp, cap, seed, noWait, Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                var order = new TrainingOrderView(parsed.GetRequiredValue(kind), parsed.GetRequiredValue(name), Modes: Names(parsed.GetValue(modes)), Cap: parsed.GetValue(cap), Seed: parsed.GetValue(seed), History: new(
                    parsed.GetRequiredValue(history), parsed.GetRequiredValue(from).At, parsed.GetValue(to)?.At, Names(parsed.GetValue(metrics)), parsed.GetValue(step), parsed.GetValue(horizon), parsed.GetValue(startUp)));
                var reached = await PlatformClient.ReachAsync(settings, ct);
                if (!reached.Succeeded) return Terminal.Refuse(reached.Refusal);
                await using var platform = reached.Value;
                using var answer = await platform.Http.PostAsJsonAsync($"{ModelVerbs.Path}/train", order, ApiJson.Options, ct);
                var ordered = await PlatformClient.ReadAsync<TrainingJobView>(answer, ct);
                if (!ordered.Succeeded) return Terminal.Refuse(ordered.Refusal);
                var ended = parsed.GetValue(noWait) ? ordered : await Terminal.WithProgressAsync("training", progress => EndAsync(platform.Http, ordered.Value.Id, progress, ct));
                return ended.Succeeded ? Print(parsed, ended.Value) : Terminal.Refuse(ended.Refusal);
            });
    }

    public static Command Jobs() =>
        Verb.Create("jobs", "Trainings, latest first.", "models jobs")
            .With(Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<Page<TrainingJobView>>(settings, (http, token) => http.GetAsync($"{ModelVerbs.Path}/jobs?limit={PageQuery.MaxLimit}", token), page =>
            {
                if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(page.Items);
                else Terminal.PrintTable(["ID", "MODEL", "KIND", "FROM", "STATE", "PROGRESS", "BY"], page.Items.Select(job => (IReadOnlyList<string>)[job.Id, job.Model ?? job.Order.Name, job.Order.Kind, job.FileName, StateOf(job), job.Progress ?? job.Problem ?? "", job.By]));
            }, ct));

    public static Command Cancel()
    {
        var id = new Argument<string>("JOB") { Description = "The training, as 'models jobs' shows it." };
        return Verb.Create("cancel", "Cancel a training.", "models cancel tr-0198…")
            .With(id, Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<TrainingJobView>(settings, (http, token) => http.DeleteAsync($"{ModelVerbs.Path}/jobs/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", token), job => PrintCancelled(parsed, job), ct));
    }

    public static Command Refit()
    {
        var id = ModelVerbs.Id();
        var refit = new Argument<string?>("REFIT") { Description = "nightly or off; leave it out to see how it stands.", Arity = ArgumentArity.ZeroOrOne };
        return Verb.Create("refit", "Train a model from history again each night, when enough came, and try the result beside the active version.", "models refit pump-failure@1c0f3a52-1 nightly", "models refit pump-failure@1c0f3a52-1")
            .With(id, refit, Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<RefitView>(settings, (http, token) => parsed.GetValue(refit) is { } order
                ? http.PutAsJsonAsync($"{ModelVerbs.Of(parsed.GetRequiredValue(id))}/refit", new RefitOrder(order), ApiJson.Options, token)
                : http.GetAsync($"{ModelVerbs.Of(parsed.GetRequiredValue(id))}/refit", token), view => Print(parsed, view), ct));
    }

    private static async Task<Outcome<TrainingJobView>> EndAsync(HttpClient http, string id, IProgress<string> progress, CancellationToken ct)
    {
        while (true)
        {
            using var answer = await http.GetAsync($"{ModelVerbs.Path}/jobs/{id}", ct);
            var job = await PlatformClient.ReadAsync<TrainingJobView>(answer, ct);
            if (!job.Succeeded || job.Value.State is not (TrainingState.Queued or TrainingState.Running)) return job;
            progress.Report(job.Value.State is TrainingState.Queued ? $"waiting for {job.Value.Ahead} others" : $"{job.Value.Percent} %, {job.Value.Progress}");
            await Task.Delay(Pause, TimeProvider.System, ct);
        }
    }

    private static int Print(ParseResult parsed, TrainingJobView job)
    {
        if (job.State is TrainingState.Refused or TrainingState.Failed) return Terminal.Refuse(Refusal.Because(job.Problem ?? "the training broke off"));
        if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(job);
        else Console.WriteLine(job.Model is { } model ? $"{model} is trained" : $"{job.Id} is {StateOf(job)}");
        return Terminal.Success;
    }

    private static void PrintCancelled(ParseResult parsed, TrainingJobView job)
    {
        if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(job);
        else Console.WriteLine($"{job.Id} is {StateOf(job)}");
    }

    private static void Print(ParseResult parsed, RefitView view)
    {
        if (parsed.GetValue(Verb.Json))
        {
            Terminal.PrintJson(view);
            return;
        }
        static string At(DateTimeOffset? at) => at is { } known ? known.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "-";
        Console.WriteLine($"{view.Name}: refit {view.Refit}; last {At(view.LastRefit)} {view.Model}, next {At(view.Next)}{(view.Skipped is { } why ? $"; skipped {At(view.LookedAt)}: {why}" : "")}");
    }

    private static string StateOf(TrainingJobView job) => $"{job.State}".ToLowerInvariant();

    private static Option<string?> Text(string name, string description, string help) => new(name) { Description = description, HelpName = help };

    private static string[]? Names(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
