using System.Net;
using System.Text.Json.Nodes;
using Seamless.Portal.Tests.Commands;
using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Api;

public sealed class ModelGateApiTests(RunningPlatform running)
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worse_version_is_refused_with_the_figures_and_promoted_only_with_force_and_a_reason_that_the_audit_keeps()
    {
        var (inForce, worse) = Two("gate-api");

        using var refused = await PostAsync(worse, "promote", null);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        var problem = await RunningPlatform.BodyAsync(refused);
        Assert.Contains("false-alarm rate 0.061, at most 0.0131 where the active has 0.012", (string)problem["detail"]!, StringComparison.Ordinal);
        var figures = problem["figures"]!.AsArray();
        Assert.Equal(["falseAlarmRate", "calibration"], figures.Select(f => (string)f!["code"]!));
        Assert.All(figures, figure => Assert.False((bool)figure!["passes"]!));

        using var silent = await PostAsync(worse, "promote", """{"force":true}""");
        Assert.Equal(HttpStatusCode.BadRequest, silent.StatusCode);
        using var forced = await PostAsync(worse, "promote", """{"force":true,"reason":"other pumps"}""");
        Assert.Equal("active", (string)(await RunningPlatform.BodyAsync(forced))["status"]!);
        Assert.Equal("shadow", (string)(await JsonAsync(inForce, ""))["status"]!);

        using var returned = await PostAsync(worse, "return", """{"reason":"cried wolf"}""");
        Assert.Equal(inForce, (string)(await RunningPlatform.BodyAsync(returned))["id"]!);
        using var again = await PostAsync(worse, "return", null);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        var history = (await JsonAsync(worse, "/history")).AsArray();
        Assert.Equal([("returned", false), ("promoted", true)], history.Select(c => ((string)c!["what"]!, (bool)c["forced"]!)));

        var audit = JsonNode.Parse(await running.Admin.GetStringAsync("/api/v1/audit?limit=1000", Ct))!["items"]!.AsArray();
        Assert.Contains(audit, e => (string)e!["action"]! == "model.promote" && (string)e["subject"]! == $"model:{worse}" && (string)e["result"]! == "ok"
            && (string?)e["detail"] == "forced against the gate (falseAlarmRate 0.061, active 0.012; calibration 0.041, active 0.014): other pumps");
        Assert.Contains(audit, e => (string)e!["action"]! == "model.return" && (string?)e["detail"] == "cried wolf");
    }

    [Fact]
    public async Task A_model_is_shown_with_what_it_was_made_of_and_retired()
    {
        var (inForce, worse) = Two("gate-retired");
        var view = await JsonAsync(inForce, "");
        Assert.Equal(("failed", 10_000, "0.1.0+aef93c0755b4"), ((string)view["settings"]!["label"]!, (int)view["data"]!["rows"]!, (string)view["codeVersion"]!));
        using var retired = await PostAsync(worse, "retire", null);
        Assert.Equal("retired", (string)(await RunningPlatform.BodyAsync(retired))["status"]!);
        using var unknown = await PostAsync("gate-nothing@1", "retire", null);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task The_command_line_lists_reports_and_promotes()
    {
        var (inForce, worse) = Two("gate-cli");
        var (code, list, _) = await CommandLineTests.RunAsync("models", "list", "--data", running.DataDirectory);
        Assert.Equal(0, code);
        Assert.Contains(list.Split('\n'), line => line.StartsWith(inForce, StringComparison.Ordinal) && line.Contains("active", StringComparison.Ordinal));
        var (_, report, _) = await CommandLineTests.RunAsync("models", "report", worse, "--data", running.DataDirectory);
        Assert.Equal(0.061, (double)JsonNode.Parse(report)!["reliability"]!["failed"]!["falseAlarmRate"]!);

        var (refused, _, error) = await CommandLineTests.RunAsync("models", "promote", worse, "--data", running.DataDirectory);
        Assert.Equal(1, refused);
        Assert.Contains("is worse than the active", error, StringComparison.Ordinal);
        var (forced, said, _) = await CommandLineTests.RunAsync("models", "promote", worse, "--force", "--reason", "other pumps", "--data", running.DataDirectory);
        Assert.Equal((0, $"{worse} is active"), (forced, said.Trim()));
    }

    /// <summary>Two versions, of which the later one is worse.</summary>
    private (string InForce, string Worse) Two(string name)
    {
        StageModels.Write(running.DataDirectory, $"{name}@1", "failure", "2026-06-01T08:00:00Z", StageModels.Labels(falseAlarmRate: 0.012, calibration: 0.014, prAuc: 0.88));
        StageModels.Write(running.DataDirectory, $"{name}@2", "failure", "2026-07-01T08:00:00Z", StageModels.Labels(falseAlarmRate: 0.061, calibration: 0.041, prAuc: 0.89));
        return ($"{name}@1", $"{name}@2");
    }

    private async Task<HttpResponseMessage> PostAsync(string id, string what, string? body)
    {
        using var content = body is null ? null : RunningPlatform.Json(body);
        return await running.Admin.PostAsync(new Uri($"/api/v1/models/{Uri.EscapeDataString(id)}/{what}", UriKind.Relative), content, Ct);
    }

    private async Task<JsonNode> JsonAsync(string id, string rest) => JsonNode.Parse(await running.Admin.GetStringAsync($"/api/v1/models/{Uri.EscapeDataString(id)}{rest}", Ct))!;
}
