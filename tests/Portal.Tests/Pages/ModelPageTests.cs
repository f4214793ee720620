using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Seamless.Learning;
using Seamless.Portal.Accounts;
using Seamless.Portal.Tests.Api;
using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>Models from the table to being in force, in a real browser on the real platform.</summary>
[Collection("one training at a time")]   // they share the queue of one platform
public sealed class ModelPageTests(Rig rig, RunningPlatform running)
{
    private const string Password = "only-for-this-test-1";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_is_trained_followed_read_and_put_in_force()
    {
        var (page, complaints) = await LoggedInAsync("model-engineer", new Look());
        await page.GotoAsync("/models");
        await TrainAsync(page, "page-wear", RunToFailure.Csv(25, seed: 11), seed: 1);
        await page.WaitForSelectorAsync("#model-jobs li:has-text('page-wear') .tag:has-text('Done')", new() { Timeout = 60_000 });   // by itself: the page follows
        await TrainAsync(page, "page-wear", RunToFailure.Csv(25, seed: 11), seed: 2);
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('#model-jobs li')].filter(li => li.textContent.includes('page-wear') && li.querySelector('.tag').textContent === 'Done').length === 2", null, new() { Timeout = 60_000 });
        Assert.Equal(["In force", "Shadow"], await page.Locator("#model-page-wear tbody .tag").AllInnerTextsAsync());

        await page.ClickAsync("#model-page-wear tbody tr:has-text('Shadow') a");
        await page.WaitForSelectorAsync("#model-reliability svg");
        Assert.Equal(9, await page.Locator("#model-reliability svg .point").CountAsync());
        Assert.Contains("Coverage", await page.InnerTextAsync("#model-figures"), StringComparison.Ordinal);
        Assert.Contains("25", await page.InnerTextAsync("#model-making"), StringComparison.Ordinal);
        var axe = await page.RunAxe(PageTests.Wcag22Aa);
        Assert.True(axe.Violations.Length == 0, string.Join("\n", axe.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html}"))));

        var force = page.Locator("#model-actions input[name=force]");
        if (await force.CountAsync() > 0) await force.CheckAsync();
        await page.FillAsync("#model-actions form[action$=promote] input[name=reason]", "another seed");
        await page.ClickAsync("#model-actions form[action$=promote] button");
        await page.ClickAsync("dialog button.primary");
        await page.WaitForSelectorAsync(".page-head .tag.on");
        Assert.Contains("another seed", await page.InnerTextAsync("#model-history"), StringComparison.Ordinal);
        var registry = running.Platform.Services.GetRequiredService<IModelRegistry>();
        Assert.Equal(2, registry.All().Single(m => m.Name == "page-wear" && m.Status == "active").Seed);

        await page.ClickAsync("#model-actions form[action$=return] button");
        await page.ClickAsync("dialog button.primary");
        await page.WaitForSelectorAsync(".page-head .tag:not(.on)");
        Assert.Equal(1, registry.All().Single(m => m.Name == "page-wear" && m.Status == "active").Seed);
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_training_is_cancelled_on_the_page()
    {
        var (page, _) = await LoggedInAsync("model-canceller", new Look(390, "zh-CN"));
        await page.GotoAsync("/models");
        await TrainAsync(page, "page-cancelled", RunToFailure.Csv(300, seed: 5), seed: 1);
        await page.ClickAsync("#model-jobs li:has-text('page-cancelled') form button");
        await page.WaitForSelectorAsync("#model-jobs li:has-text('page-cancelled') .tag:has-text('已取消')");
        Assert.DoesNotContain(running.Platform.Services.GetRequiredService<IModels>().All(), m => m.Name == "page-cancelled");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task What_is_no_table_is_refused_on_the_page_in_words()
    {
        var (page, _) = await LoggedInAsync("model-mistaken", new Look());
        await page.GotoAsync("/models");
        await page.SetInputFilesAsync("input[type=file]", new FilePayload { Name = "odd.csv", MimeType = "text/csv", Buffer = "a,b\n1\n"u8.ToArray() });
        await page.ClickAsync("#models-train button.primary");
        await page.WaitForSelectorAsync("text=odd.csv:2: 1 cells where the header has 2 columns");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_version_that_the_gate_refuses_says_why_and_needs_a_reason()
    {
        var (page, _) = await rig.OpenAsync($"/models/{Uri.EscapeDataString(StageModels.Worse)}", new Look());
        Assert.Contains("False alarms: 6.1%, in force 1.2%, at most 1.3%", await page.InnerTextAsync("#model-actions .rejects"), StringComparison.Ordinal);
        Assert.Equal(2, await page.Locator("#model-figures .tag.alert").CountAsync());
        Assert.True(await page.EvaluateAsync<bool>("() => document.querySelector('#model-actions input[name=reason]').required && document.querySelector('#model-actions input[name=force]').required"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_challenger_stands_beside_the_version_in_force_with_what_both_said_and_the_gate_judges_by_it()
    {
        var (page, complaints) = await rig.OpenAsync($"/models/{Uri.EscapeDataString(StageModels.Challenger)}", new Look());
        Assert.Equal("Challenger", await page.InnerTextAsync(".page-head .tag:nth-of-type(2)"));
        var trial = await page.InnerTextAsync("#model-trial");
        foreach (var words in (string[])["of 5 machines", "4 failures confirmed", "the gate judges by this comparison", "Error on machines that ended"]) Assert.Contains(words, trial, StringComparison.Ordinal);
        var falseAlarms = await page.Locator("#model-trial tr:has-text('Calls with nothing confirmed') td").AllInnerTextsAsync();
        Assert.Equal(0, int.Parse(falseAlarms[0], System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(int.Parse(falseAlarms[1], System.Globalization.CultureInfo.InvariantCulture), 4, 5);
        Assert.Contains("Worse on the same rows in use", await page.InnerTextAsync("#model-actions"), StringComparison.Ordinal);
        await page.GotoAsync($"/models/{Uri.EscapeDataString(StageModels.Life)}");
        Assert.Equal(1, await page.Locator("#model-trial").CountAsync());
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_model_is_taken_along_and_one_that_is_not_signed_by_a_trusted_key_is_refused_on_the_page()
    {
        var (page, _) = await LoggedInAsync("model-exchanger", new Look());
        await page.GotoAsync("/models");
        foreach (var part in (string[])["model", "card", "signature"])
            await page.SetInputFilesAsync($"#models-import input[name={part}]", new FilePayload { Name = part, MimeType = "application/octet-stream", Buffer = "{}"u8.ToArray() });
        await page.ClickAsync("#models-import button");
        await page.WaitForSelectorAsync("text=name a PEM file of public keys in models.trustedKeys");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_device_shows_what_the_models_say_of_it_and_when_not_to_rely_on_it()
    {
        var (page, _) = await rig.OpenAsync("/devices/pump-004", new Look());
        var said = await page.InnerTextAsync("#device-prognosis");
        foreach (var words in (string[])["34 cycles", "P10 19 to P90 52", "Not to be relied on: it is unlike all machines trained on", "83%"]) Assert.Contains(words, said, StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Who_may_only_read_sees_reports_and_no_forms()
    {
        var (page, _) = await rig.OpenAsync($"/models/{Uri.EscapeDataString(StageModels.Life)}", new Look(Role: "viewer"));
        Assert.Equal(1, await page.Locator("#model-reliability svg").CountAsync());
        Assert.Equal(0, await page.Locator("main form[method=post]").CountAsync());
        await page.GotoAsync("/models");
        Assert.Equal(0, await page.Locator("main form[method=post]").CountAsync());
        await page.Context.CloseAsync();
    }

    internal static async Task TrainAsync(IPage page, string name, string csv, int seed)
    {
        await page.SetInputFilesAsync("#models-train input[type=file]", new FilePayload { Name = "fleet.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes(csv) });
        await page.ClickAsync("#models-train button.primary");
        await page.FillAsync("input[name=name]", name);
        await page.FillAsync("input[name=seed]", $"{seed}");
        await page.ClickAsync("button.primary");
        await page.WaitForSelectorAsync($"#model-jobs li:has-text('{name}')");
    }

    private Task<(IPage Page, List<string> Complaints)> LoggedInAsync(string user, Look look) => LoggedInAsync(rig, running, user, look);

    internal static async Task<(IPage Page, List<string> Complaints)> LoggedInAsync(Rig rig, RunningPlatform running, string user, Look look)
    {
        await running.Platform.Services.GetRequiredService<IUsers>().AddAsync("default", user, Password, Roles.Engineer, "the tests", Ct);
        var opened = await rig.OpenAsync("/login", look, role: "", url: running.Platform.HttpAddress.ToString());
        await opened.Page.FillAsync("input[name=userName]", user);
        await opened.Page.FillAsync("input[name=password]", Password);
        await opened.Page.ClickAsync("button.primary");
        await opened.Page.WaitForSelectorAsync(".topbar");
        return opened;
    }
}
