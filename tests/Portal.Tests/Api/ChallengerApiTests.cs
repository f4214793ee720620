using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Quartz;
using Seamless.Learning;
using Seamless.Learning.Commands;
using Seamless.Learning.Trials;
using Seamless.Portal.Tests.Commands;
using Seamless.Portal.Tests.Stage;
using Seamless.Portal.Training;
using Seamless.Rules.Backtests;
using Seamless.Rules.Packs;

namespace Seamless.Portal.Tests.Api;

public sealed class ChallengerApiTests(RunningPlatform running)
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Start = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_version_is_tried_beside_the_active_one_over_the_API_and_the_command_line()
    {
        var (inForce, second, third) = Three("challenger-api");
        using var shadowed = await PostAsync(second, """{"reason":"newer pumps"}""");
        var view = await RunningPlatform.BodyAsync(shadowed);
        Assert.Equal(("shadow", true), ((string)view["status"]!, (bool)view["isChallenger"]!));
        using var active = await PostAsync(inForce, null);
        Assert.Equal(HttpStatusCode.Conflict, active.StatusCode);
        using var none = await running.Admin.GetAsync(new Uri($"/api/v1/models/{Uri.EscapeDataString(second)}/trial", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);

        var (code, said, _) = await CommandLineTests.RunAsync("models", "shadow", third, "--data", running.DataDirectory);
        Assert.Equal((0, $"{third} is shadow (challenger)"), (code, said.Trim()));
        Assert.False((bool)(await JsonAsync(second, ""))["isChallenger"]!);   // one at most
        Live(running.Platform.Services.GetRequiredService<TrialBook>(), inForce, third);
        var trial = await JsonAsync(third, "/trial");
        Assert.Equal((80, false, third), ((int)trial["trial"]!["rows"]!, (bool)trial["isEnough"]!, (string)trial["trial"]!["challenger"]!["model"]!));
        var (_, table, _) = await CommandLineTests.RunAsync("models", "trial", third, "--data", running.DataDirectory);
        Assert.Contains("80 rows of 1 machines", table, StringComparison.Ordinal);
        Assert.Contains("until 200 samples are settled and 3 failures confirmed", table, StringComparison.Ordinal);

        var audit = JsonNode.Parse(await running.Admin.GetStringAsync("/api/v1/audit?limit=1000", Ct))!["items"]!.AsArray();
        Assert.Contains(audit, e => (string)e!["action"]! == "model.shadow" && (string)e["subject"]! == $"model:{second}" && (string?)e["detail"] == "newer pumps");
        Assert.Equal(["shadowed", "shadowed"], (await JsonAsync(third, "/history")).AsArray().Select(c => (string)c!["what"]!));
    }

    [Fact]
    public async Task Closed_tickets_confirm_what_a_model_is_to_foresee()
    {
        var packs = running.Platform.Services.GetRequiredService<IPacks>();
        var rule = packs.Find("turbofan")!.Rules.Single(r => r.Model == "turbofan-rul");
        StageModels.Write(running.DataDirectory, "turbofan-rul@1", "rul", "2026-06-01T08:00:00Z", "{}");
        StageModels.Write(running.DataDirectory, "turbofan-rul@2", "rul", "2026-07-01T08:00:00Z", "{}");
        var services = running.Platform.Services;
        var (models, book) = (services.GetRequiredService<IModelRegistry>(), services.GetRequiredService<TrialBook>());
        Assert.True(models.Shadow("turbofan-rul@2", "li").Succeeded);
        Live(book, "turbofan-rul@1", "turbofan-rul@2");
        var outcomes = new Told(
            Of(OutcomeVerdict.True, 90, "another-symptom"), Of(OutcomeVerdict.False, 95, rule.Symptom), Of(OutcomeVerdict.True, 100, rule.Symptom));
        var job = new TrialJob(models, book, packs, [outcomes], services.GetRequiredService<TimeProvider>(), NullLogger<TrialJob>.Instance);
        await job.ConfirmAsync(Ct);
        await job.ConfirmAsync(Ct);   // told twice
        Assert.Equal(1, book.Of(models.Find("turbofan-rul@2")!)!.Ended);
        Assert.True(File.Exists(Path.Combine(running.DataDirectory, "training", "trials", "turbofan-rul.trial")));
        var scheduler = await services.GetRequiredKeyedService<ISchedulerFactory>(DriftJob.Scheduler).GetScheduler(Ct);
        Assert.NotNull(await scheduler.GetJobDetail(new JobKey(TrialJob.Name), Ct));
        foreach (var id in (string[])["turbofan-rul@1", "turbofan-rul@2"]) models.Retire(id, "li");
        Directory.Delete(Path.Combine(running.DataDirectory, "models", "turbofan-rul"), recursive: true);
    }

    [Fact]
    public async Task A_model_is_exported_and_what_nobody_trusted_has_signed_is_refused()
    {
        var rows = new StringBuilder("id,heat,load,failed\n");
        var random = new Random(1);
        for (var row = 0; row < 300; row++)
        {
            var (heat, load) = (random.NextDouble() * 100, random.NextDouble() * 10);
            rows.Append(System.Globalization.CultureInfo.InvariantCulture, $"r{row},{heat:0.00},{load:0.00},{(heat > 90 ? 1 : 0)}\n");
        }
        var folder = Directory.CreateTempSubdirectory("seamless-exchange-");
        var input = Path.Combine(folder.FullName, "rows.csv");
        await File.WriteAllTextAsync(input, rows.ToString(), Ct);
        var trained = LearningCommands.TrainFailure(new(input, "failed", Path.Combine(running.DataDirectory, "models", "exchange", "1"), [], Name: "exchange"), null, Ct);
        Assert.True(trained.Succeeded, trained.Refusal?.Reason);
        var id = trained.Value.Id;

        using var zip = new ZipArchive(await running.Admin.GetStreamAsync(new Uri($"/api/v1/models/{Uri.EscapeDataString(id)}/export?format=onnx", UriKind.Relative), Ct));
        Assert.Equal(["model.onnx", "card.json"], zip.Entries.Select(entry => entry.Name));
        using var other = await running.Admin.GetAsync(new Uri($"/api/v1/models/{Uri.EscapeDataString(id)}/export?format=pmml", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.BadRequest, other.StatusCode);

        var (code, said, _) = await CommandLineTests.RunAsync("models", "export", id, "--format", "onnx", "--output", folder.FullName, "--data", running.DataDirectory);
        Assert.Equal(0, code);
        var (model, card) = (Path.Combine(folder.FullName, "model.onnx"), Path.Combine(folder.FullName, "card.json"));
        Assert.Equal([model, card], said.Trim().Split('\n'));
        var signature = Path.Combine(folder.FullName, "model.onnx.sig");
        await File.WriteAllBytesAsync(signature, [0x30, 1], Ct);
        var (refused, _, error) = await CommandLineTests.RunAsync("models", "import", model, "--card", card, "--signature", signature, "--data", running.DataDirectory);
        Assert.Equal(1, refused);
        Assert.Contains("name a PEM file of public keys in models.trustedKeys", error, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    private (string InForce, string Second, string Third) Three(string name)
    {
        for (var version = 1; version <= 3; version++) StageModels.Write(running.DataDirectory, $"{name}@{version}", "rul", $"2026-0{version}-01T08:00:00Z", "{}");
        return ($"{name}@1", $"{name}@2", $"{name}@3");
    }

    /// <summary>A hundred hourly rows of one engine, of which the first twenty are the warm-up.</summary>
    private void Live(TrialBook book, string champion, string challenger)
    {
        var models = running.Platform.Services.GetRequiredService<IModels>();
        var trial = book.Between(models.Find(champion)!, models.Find(challenger)!);
        var verdict = new Verdict(0.1, (80, 90, 99), new Dictionary<string, double>(), new Dictionary<string, double>());
        for (var row = 1; row <= 100; row++) trial.Observe("default/engine-1", Start.AddHours(row).ToUnixTimeMilliseconds(), verdict, verdict);
    }

    private static ConfirmedOutcome Of(OutcomeVerdict verdict, int hour, string symptom) =>
        new("engine-1", verdict, Start.AddHours(hour), Start.AddHours(hour), Start.AddHours(hour + 1), new HashSet<string> { symptom }, []);

    private sealed class Told(params IReadOnlyList<ConfirmedOutcome> outcomes) : IConfirmedOutcomes
    {
        public Task<IReadOnlyList<ConfirmedOutcome>> ListAsync(string tenant, EquipmentPack pack, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) =>
            Task.FromResult(pack.Type is "turbofan" && tenant is "default" ? outcomes : []);
    }

    private async Task<HttpResponseMessage> PostAsync(string id, string? body)
    {
        using var content = body is null ? null : RunningPlatform.Json(body);
        return await running.Admin.PostAsync(new Uri($"/api/v1/models/{Uri.EscapeDataString(id)}/shadow", UriKind.Relative), content, Ct);
    }

    private async Task<JsonNode> JsonAsync(string id, string rest) => JsonNode.Parse(await running.Admin.GetStringAsync($"/api/v1/models/{Uri.EscapeDataString(id)}{rest}", Ct))!;
}
