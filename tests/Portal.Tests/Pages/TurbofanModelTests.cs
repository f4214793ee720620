using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Seamless.Fleet.Registry;
using Seamless.Learning;
using Seamless.Learning.Tests;
using Seamless.Portal.Tests.Stage;
using Seamless.Replay;
using Seamless.Replay.Sets;

namespace Seamless.Portal.Tests.Pages;

/// <summary>The whole way with public data: engines run to failure are learned from in the portal, and other engines, replayed over MQTT, show how long they have left.</summary>
[Collection("one training at a time")]   // they share the queue of one platform
public sealed partial class TurbofanModelTests(Rig rig, RunningPlatform running)
{
    private const string Name = "turbofan-rul";   // as packs/turbofan calls it
    private static readonly string[] Engines = ["turbofan-003", "turbofan-020", "turbofan-034"];   // 69, 16 and 7 cycles before their end
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly ReplaySet Set = ReplaySet.All.Single(set => set.Name == "turbofan");

    [Fact]
    public async Task A_turbofan_model_is_trained_within_a_minute_put_in_force_and_says_how_long_replayed_engines_have_left()
    {
        var data = Directory.GetParent(PublicData.File("cmapss/train_FD001.txt.gz"))!.Parent!.FullName;
        PublicData.File("cmapss/test_FD001.txt.gz");
        string[] table = [.. Set.Training!(data)];
        var (page, complaints) = await ModelPageTests.LoggedInAsync(rig, running, "turbofan-engineer", new Look());
        await page.GotoAsync("/models");

        // What is in force before: a trend from the first few engines.
        await ModelPageTests.TrainAsync(page, Name, Csv(table.Where((line, i) => i == 0 || int.Parse(line.Split(',')[0], CultureInfo.InvariantCulture) <= 8)), seed: 1);
        await DoneAsync(page, 1);
        var watch = Stopwatch.StartNew();
        await ModelPageTests.TrainAsync(page, Name, Csv(table), seed: 1);
        await page.WaitForSelectorAsync("#model-jobs [role=status]");
        await DoneAsync(page, 2);
        TestContext.Current.TestOutputHelper?.WriteLine($"FD001 uploaded, trained and shown in {watch.Elapsed.TotalSeconds:F1} s");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed}");

        await page.ClickAsync($"#model-{Name} tbody tr:has-text('Shadow') a");
        Assert.Equal(9, await page.Locator("#model-reliability svg .point").CountAsync());
        TestContext.Current.TestOutputHelper?.WriteLine(await page.InnerTextAsync("#model-figures"));
        var axe = await page.RunAxe(PageTests.Wcag22Aa);
        Assert.True(axe.Violations.Length == 0, string.Join("\n", axe.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html}"))));
        await page.ClickAsync("#model-actions form[action$=promote] button");
        await page.ClickAsync("dialog button.primary");
        await page.WaitForSelectorAsync(".page-head .tag.on");
        Assert.Equal(100, running.Platform.Services.GetRequiredService<IModels>().All().Single(m => m.Name == Name && m.Status == "active").Data!.Machines);

        await ReplayAsync(data);
        foreach (var (engine, least, most) in ((string, int, int)[])[("turbofan-003", 35, 125), ("turbofan-020", 2, 45), ("turbofan-034", 0, 25)])
        {
            var said = await SaidAsync(page, engine);
            TestContext.Current.TestOutputHelper?.WriteLine($"{engine}: {said.ReplaceLineEndings(" ")}");
            var figures = Figures().Match(said);
            Assert.True(figures.Success, said);
            var (p50, p10, p90) = (Number(figures, 1), Number(figures, 2), Number(figures, 3));
            Assert.True(p10 <= p50 && p50 <= p90, said);
            Assert.InRange(p50, least, most);
        }
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    private static string Csv(IEnumerable<string> lines) => string.Join('\n', lines);

    private static Task DoneAsync(IPage page, int trainings) => page.WaitForFunctionAsync(
        $"() => [...document.querySelectorAll('#model-jobs li')].filter(li => li.textContent.includes('{Name}') && li.querySelector('.tag').textContent === 'Done').length === {trainings}", null, new() { Timeout = 120_000 });

    private async Task ReplayAsync(string data)
    {
        var registry = running.Platform.Services.GetRequiredService<IDeviceRegistry>();
        foreach (var engine in Engines) await AddAsync(engine, "turbofan");
        await AddAsync("turbofan-gw", "gateway");
        var token = await registry.IssueTokenAsync(new Telemetry.DeviceKey("default", "turbofan-gw"), "the tests", Ct);
        var target = new Target("127.0.0.1", running.Platform.MqttEndpoint.Port, "default", "turbofan-gw", token.Value);
        await new Replayer(target, TimeProvider.System, new Progress<string>()).RunAsync(Set.Read(data).Where(row => Engines.Contains(row.Device)), speed: 0, fromNow: false, Ct);
    }

    private async Task AddAsync(string id, string type)
    {
        using var added = await running.Admin.PostAsync("/api/v1/devices", RunningPlatform.Json($$"""{"id":"{{id}}","type":"{{type}}","site":"s1"}"""), Ct);
        Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync(Ct));
    }

    /// <summary>What the device's page says once the last sample was judged.</summary>
    private static async Task<string> SaidAsync(IPage page, string engine)
    {
        var before = "";
        while (true)
        {
            await page.GotoAsync($"/devices/{engine}");
            var panel = page.Locator("#device-prognosis");
            var said = await panel.CountAsync() > 0 ? await panel.InnerTextAsync() : "";
            if (said.Length > 0 && said == before) return said;
            before = said;
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Ct);
        }
    }

    private static double Number(Match figures, int group) => double.Parse(figures.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\d+) cycles\s+P10 (\d+) to P90 (\d+)")]
    private static partial Regex Figures();
}
