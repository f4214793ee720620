using System.Text.Json.Nodes;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Seamless.Portal.Accounts;
using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>The editor on a real platform: with its packs, its history and its engine.</summary>
public sealed class RuleEditorTests(Rig rig, RunningPlatform running)
{
    private const string Password = "editor-of-rules";
    private static readonly AxeRunOptions Wcag22Aa = new() { RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] } };

    [Fact]
    public async Task A_rule_is_written_with_help_tried_out_on_one_pump_and_returned()
    {
        await WarmPumpAsync("editor-pump");
        var (page, complaints) = await OpenAsync("lee", Roles.Engineer);
        await page.WaitForSelectorAsync("#rule-tests .passed", new() { Timeout = 60_000 });
        await page.SelectOptionAsync("[name=preview-device]", "editor-pump");

        await ReplaceAsync(page, "setpoint: 90 °C", "sepoint: 90 °C");
        await page.WaitForSelectorAsync("#rule-problems:has-text('sepoint')");   // half a word is another mistake on the same line
        await page.WaitForSelectorAsync(".gutter .bad:has-text('✕ 7')");
        Assert.Equal("true", await page.GetAttributeAsync("#rule-yaml", "aria-invalid"));
        await page.Keyboard.PressAsync("Alt+ArrowDown");
        Assert.Contains(":", await page.EvaluateAsync<string>("document.activeElement.value.slice(document.activeElement.selectionStart).split('\\n')[0]"), StringComparison.Ordinal);

        await ReplaceAsync(page, "sepoint: 90 °C", "setpoint: 50 ");
        await page.WaitForSelectorAsync("#rule-completions [role=option]:has-text('°C')");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync(".gutter:not(:has(.bad))");
        await page.WaitForSelectorAsync("#rule-tests .failed .sub:has-text('nobody expected')", new() { Timeout = 60_000 });

        await ReplaceAsync(page, "setpoint: 50 °C", "setpoint: 80 °C");
        await ReplaceAsync(page, "metric: bearingTemperature", "metric: bear");
        await page.WaitForSelectorAsync("#rule-completions [role=option][aria-selected=true]:has-text('bearingTemperature')");
        await page.Keyboard.PressAsync("Tab");
        Assert.Contains("    metric: bearingTemperature\n    condition: high\n    setpoint: 80 °C\n", await page.InputValueAsync("#rule-yaml"), StringComparison.Ordinal);
        Assert.Contains("metric", await page.InnerTextAsync(".key-help"), StringComparison.Ordinal);

        await page.WaitForSelectorAsync("#rule-preview .alarm-list li:has-text('Bearing temperature high')", new() { Timeout = 60_000 });
        await page.WaitForSelectorAsync("#rule-preview figure[data-metric=bearingTemperature][data-limits*='\"value\":80']", new() { Timeout = 60_000 });
        await page.WaitForSelectorAsync("#rule-preview figure canvas");

        await page.FillAsync("input[name=note]", "earlier, as the data sheet says");
        await page.ClickAsync("[data-draft]");
        await page.WaitForURLAsync("**/rules/pump/limits?version=rf-*");
        var version = page.Url.Split("version=")[1];
        await page.Locator($"#version-{version} summary").ClickAsync();
        await page.FillAsync($"#version-{version} input[name=devices]", "editor-pump");
        await page.Locator($"#version-{version} form:has(input[value=canary]) button").ClickAsync();
        await page.WaitForSelectorAsync("#rule-stage");
        Assert.Equal("canary", await StateAsync(version));
        Assert.Contains("editor-pump", await page.InnerTextAsync("#rule-stage .facts"), StringComparison.Ordinal);

        await page.WaitForSelectorAsync("#rule-tests .passed", new() { Timeout = 60_000 });
        await page.WaitForTimeoutAsync(1500);
        var result = await page.RunAxe(Wcag22Aa);
        Assert.True(result.Violations.Length == 0, string.Join("\n", result.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html}"))));
        if (Environment.GetEnvironmentVariable("SEAMLESS_SHOTS") is { } folder) await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "rule-editor-real.png"), FullPage = true });

        await page.Locator(".page-head form[action$='/return'] button").ClickAsync();
        await page.WaitForSelectorAsync("#rule-versions .tag:has-text('returned')");
        Assert.Equal("returned", await StateAsync(version));
        Assert.Equal([], complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Completions_are_moved_in_and_left_by_keys_and_the_focus_stays_in_the_text()
    {
        var (page, _) = await rig.OpenAsync("/rules/pump/limits", new Look());
        await page.WaitForSelectorAsync("#rule-tests li");
        await ReplaceAsync(page, "condition: high", "condition: ");
        await page.WaitForSelectorAsync("#rule-completions [role=option]");
        await page.Keyboard.PressAsync("ArrowDown");
        Assert.Equal("low", await page.InnerTextAsync("#rule-completions [aria-selected=true] .mono"));
        Assert.Equal("rule-completion-1", await page.GetAttributeAsync("#rule-yaml", "aria-activedescendant"));
        await page.Keyboard.PressAsync("Escape");
        Assert.False(await page.IsVisibleAsync("#rule-completions"));
        await page.Keyboard.PressAsync("Control+Space");
        Assert.True(await page.IsVisibleAsync("#rule-completions"));
        Assert.Equal("rule-yaml", await page.EvaluateAsync<string>("document.activeElement.id"));
        var result = await page.RunAxe(Wcag22Aa);
        Assert.True(result.Violations.Length == 0, string.Join("\n", result.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html}"))));
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Tab");
        Assert.NotEqual("rule-yaml", await page.EvaluateAsync<string>("document.activeElement.id"));   // no trap
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task In_an_expression_names_are_completed_and_units_and_words_are_left_alone()
    {
        var (page, complaints) = await rig.OpenAsync("/rules/pump/limits", new Look());
        await page.WaitForSelectorAsync("#rule-tests li");
        await ReplaceAsync(page, "metric: vibration", "value: me");
        await page.WaitForSelectorAsync("#rule-completions [role=option][aria-selected=true]:has-text('mean(x, 10m)')");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("bear");
        await page.WaitForSelectorAsync("#rule-completions [role=option][aria-selected=true]:has-text('bearingTemperature')");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(", 10m");
        Assert.False(await page.IsVisibleAsync("#rule-completions"));   // ten minutes, no metric
        await page.Keyboard.TypeAsync(") - 5 K");
        Assert.False(await page.IsVisibleAsync("#rule-completions"));
        Assert.Contains("value: mean(bearingTemperature, 10m) - 5 K\n", await page.InputValueAsync("#rule-yaml"), StringComparison.Ordinal);
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_refusal_costs_nobody_their_text()
    {
        var (page, _) = await rig.OpenAsync("/rules/pump/limits", new Look());
        await page.WaitForSelectorAsync("#rule-tests li");
        await ReplaceAsync(page, "setpoint: 7.1", "setpoint: 7.3");
        await page.ClickAsync("[data-draft]");
        await page.WaitForSelectorAsync("#toasts .toast:has-text('the stage keeps its rules')");
        Assert.Contains("setpoint: 7.3", await page.InputValueAsync("#rule-yaml"), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Who_may_not_change_rules_reads_them()
    {
        var (page, _) = await rig.OpenAsync("/rules/pump/limits?from=rf-3f9c21d07a5be814&to=rf-81c2aa90b15d03e7", new Look(Role: "viewer"));
        Assert.NotNull(await page.GetAttributeAsync("#rule-yaml", "readonly"));
        Assert.Equal(0, await page.Locator("main form button, #rule-versions form").CountAsync());
        Assert.Contains("setpoint: 6.5", await page.InnerTextAsync("#rule-diff .added"), StringComparison.Ordinal);
        var answer = await page.APIRequest.PostAsync($"{rig.Stage.Url}/rules/pump/limits/versions/rf-81c2aa90b15d03e7/return");
        Assert.False(answer.Ok);
        await page.Context.CloseAsync();
    }

    private async Task<(IPage, List<string>)> OpenAsync(string user, string role)
    {
        await running.Platform.Services.GetRequiredService<IUsers>().AddAsync("default", user, Password, role, "test", CancellationToken.None);
        var (page, complaints) = await rig.OpenAsync("/rules/pump/limits", new Look(), url: running.Platform.HttpAddress.ToString());
        await page.FillAsync("[name=userName]", user);
        await page.FillAsync("[name=password]", Password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("rule-editor");
        return (page, complaints);
    }

    /// <summary>Types over the first place where the text stands.</summary>
    private static async Task ReplaceAsync(IPage page, string old, string fresh)
    {
        await page.EvaluateAsync("old => { const area = document.getElementById('rule-yaml'); const at = area.value.indexOf(old); area.focus(); area.setSelectionRange(at, at + old.length); }", old);
        await page.Keyboard.TypeAsync(fresh);
    }

    private async Task<string> StateAsync(string version) =>
        (string)JsonNode.Parse(await running.Admin.GetStringAsync($"/api/v1/rules/pump/limits/versions/{version}"))!["state"]!;

    /// <summary>A pump whose bearing was at 85 °C for a quarter of an hour, two hours ago.</summary>
    private async Task WarmPumpAsync(string id)
    {
        (await running.Admin.PostAsync("/api/v1/devices", RunningPlatform.Json($$"""{"id":"{{id}}","type":"pump","site":"{{id}}"}"""))).Dispose();
        var now = TimeProvider.System.GetUtcNow();
        var samples = Enumerable.Range(0, 240).Select(i => $$"""{"ts":{{now.AddMinutes(-120).AddSeconds(30 * i).ToUnixTimeMilliseconds()}},"values":{"bearingTemperature":{{(i is > 60 and < 90 ? 85 : 55)}} } }""");
        using var sent = await running.Admin.PostAsync($"/api/v1/devices/{id}/telemetry", RunningPlatform.Json($"[{string.Join(",", samples)}]"));
        sent.EnsureSuccessStatusCode();
        for (var i = 0; i < 600; i++)
        {
            var series = JsonNode.Parse(await running.Admin.GetStringAsync($"/api/v1/devices/{id}/telemetry?metric=bearingTemperature&from={now.AddHours(-3).ToUnixTimeMilliseconds()}&to={now.AddHours(1).ToUnixTimeMilliseconds()}"))!;
            if (series["series"]![0]!["points"]!.AsArray().Count == 240) return;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        Assert.Fail("the samples did not arrive");
    }
}
