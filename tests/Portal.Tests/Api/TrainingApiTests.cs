using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Seamless.Portal.Tests.Api;

[Collection("one training at a time")]   // they share the queue of one platform
public sealed class TrainingApiTests(RunningPlatform running)
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_form_with_the_file_in_it_is_a_training_that_ends_with_a_model_and_is_audited()
    {
        using var form = Form(RunToFailure.Csv(25, seed: 3), ("kind", "rul"), ("name", "api-wear"), ("unit", "machine"), ("time", "cycle"), ("cap", "60"));
        using var ordered = await running.Admin.PostAsync("/api/v1/models/train", form, Ct);
        Assert.Equal(HttpStatusCode.Accepted, ordered.StatusCode);
        var job = await RunningPlatform.BodyAsync(ordered);
        Assert.Equal(ordered.Headers.Location!.OriginalString, $"/api/v1/models/jobs/{job["id"]}");
        Assert.Equal(60, (double)job["order"]!["cap"]!);

        var done = await EndOfAsync((string)job["id"]!);
        Assert.Equal(("done", 100), ((string)done["state"]!, (int)done["percent"]!));
        Assert.NotNull(done["startedAt"]);
        var models = await JsonAsync("/api/v1/models");
        Assert.Contains(models["items"]!.AsArray(), m => (string)m!["id"]! == (string)done["model"]! && (string)m["status"]! == "active");

        var audit = (await JsonAsync("/api/v1/audit?limit=1000"))["items"]!.AsArray();
        Assert.Contains(audit, e => (string)e!["action"]! == "api.trainModel" && (string)e["result"]! == "done");
        // The end of a training is noted after it can be read.
        for (var i = 0; i < 100 && !audit.Any(IsOfTheModel); i++)
        {
            await Task.Delay(100, Ct);
            audit = (await JsonAsync("/api/v1/audit?limit=1000"))["items"]!.AsArray();
        }
        Assert.Contains(audit, IsOfTheModel);

        bool IsOfTheModel(JsonNode? e) => (string)e!["action"]! == "model.train" && (string)e["subject"]! == $"model:{done["model"]}" && (string)e["result"]! == "done";
    }

    [Fact]
    public async Task A_stored_file_can_be_learned_from_again_and_what_waits_can_be_cancelled()
    {
        using var upload = Form(RunToFailure.Csv(60, seed: 4));
        using var stored = await running.Admin.PostAsync("/api/v1/models/files", upload, Ct);
        Assert.Equal(HttpStatusCode.Created, stored.StatusCode);
        var file = await RunningPlatform.BodyAsync(stored);
        Assert.Equal(["machine", "cycle", "heat", "hum", "noise"], file["columns"]!.AsArray().Select(c => (string)c!["name"]!));
        Assert.Contains((await JsonAsync("/api/v1/models/files"))["items"]!.AsArray(), f => (string)f!["id"]! == (string)file["id"]!);

        async Task<JsonNode> OrderAsync(int seed)
        {
            using var body = RunningPlatform.Json($$"""{"kind":"rul","name":"api-cancelled","file":"{{file["id"]}}","unit":"machine","time":"cycle","seed":{{seed}}}""");
            using var answer = await running.Admin.PostAsync("/api/v1/models/train", body, Ct);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            return await RunningPlatform.BodyAsync(answer);
        }
        var (first, second) = (await OrderAsync(1), await OrderAsync(2));
        foreach (var job in (JsonNode[])[second, first])
        {
            using var cancelled = await running.Admin.DeleteAsync($"/api/v1/models/jobs/{job["id"]}", Ct);
            Assert.Equal("cancelled", (string)(await RunningPlatform.BodyAsync(cancelled))["state"]!);
        }
        var listed = (await JsonAsync("/api/v1/models/jobs"))["items"]!.AsArray().Select(j => (string)j!["id"]!).ToList();
        Assert.True(listed.IndexOf((string)second["id"]!) < listed.IndexOf((string)first["id"]!), "latest first");
        using var unknown = await running.Admin.DeleteAsync("/api/v1/models/jobs/tr-nothing", Ct);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory]
    [InlineData("kind", "magic", "it must be rul or failure")]
    [InlineData("unit", "engine", "has no column 'engine'")]
    [InlineData("seed", "1.5", "seed: '1.5' is not a number")]
    [InlineData("colour", "red", "'colour' is not a field of this request")]
    public async Task What_is_wrong_with_an_order_is_said(string field, string value, string reason)
    {
        var fields = new Dictionary<string, string> { ["kind"] = "rul", ["name"] = "w", ["unit"] = "machine", ["time"] = "cycle", [field] = value };
        using var form = Form(RunToFailure.Csv(3, seed: 1), [.. fields.Select(f => (f.Key, f.Value))]);
        using var refused = await running.Admin.PostAsync("/api/v1/models/train", form, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(reason, (string)(await RunningPlatform.BodyAsync(refused))["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused_with_the_limit()
    {
        using var announced = Form(new string('x', 65 << 20));
        using var refused = await running.Admin.PostAsync("/api/v1/models/files", announced, Ct);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        Assert.Contains("larger than 64 MB", (string)(await RunningPlatform.BodyAsync(refused))["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_only_read_orders_no_training()
    {
        using var key = RunningPlatform.Json("""{"name":"reader of trainings","role":"viewer"}""");
        using var made = await running.Admin.PostAsync("/api/v1/keys", key, Ct);
        using var reader = running.Client((string)(await RunningPlatform.BodyAsync(made))["secret"]!);
        using var form = Form("a,b\n1,2\n");
        using var refused = await reader.PostAsync("/api/v1/models/files", form, Ct);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var list = await reader.GetAsync("/api/v1/models/jobs", Ct);
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
    }

    private async Task<JsonNode> JsonAsync(string path) => JsonNode.Parse(await running.Admin.GetStringAsync(path, Ct))!;

    private async Task<JsonNode> EndOfAsync(string id)
    {
        while (true)
        {
            var job = await JsonAsync($"/api/v1/models/jobs/{id}");
            if ((string)job["state"]! is not ("queued" or "running")) return job;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
        }
    }

    private static MultipartFormDataContent Form(string csv, params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(csv)), "file", "fleet.csv" } };
        foreach (var (name, value) in fields) form.Add(new StringContent(value), name);
        return form;
    }
}

/// <summary>Short machines that wear until they fail: two sensors follow the wear, one is noise.</summary>
internal static class RunToFailure
{
    public static string Csv(int machines, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder("machine,cycle,heat,hum,noise\n");
        for (var machine = 1; machine <= machines; machine++)
        {
            var (life, level) = (random.Next(50, 90), random.NextDouble());
            for (var cycle = 1; cycle <= life; cycle++)
            {
                var wear = Math.Exp(-(life - cycle) / 20.0);
                double Noise() => 0.05 * (random.NextDouble() - 0.5);
                text.Append(CultureInfo.InvariantCulture, $"m{machine},{cycle},{level + 2 * wear + Noise():F4},{1 - wear + Noise():F4},{Noise():F4}\n");
            }
        }
        return text.ToString();
    }
}
