using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Seamless.Portal.Tests.Stage;
using Seamless.Rules.Alarms;

namespace Seamless.Portal.Tests.Pages;

/// <summary>The pages in a real browser, on the stage.</summary>
public sealed class PageTests(Rig rig)
{
    internal static readonly AxeRunOptions Wcag22Aa = new()
    {
        RunOnly = new() { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
        ResultTypes = new HashSet<ResultType> { ResultType.Violations },   // of what is well, one example says enough
    };

    private static readonly string[] MainPaths = ["/", "/devices/pump-004", "/alerts?id=alm-bearing", "/tickets?view=all", "/tickets/T-1042", "/parts", "/parts/plan", "/parts/count", "/kpis", "/knowledge", "/knowledge/KB-1001", "/reliability?by=batch", "/reliability?by=mode", "/customers", "/contacts", "/contacts?edit=bohai-wei", "/messages", "/complaints", "/complaints/C-1001", "/care?view=all", "/care/tips", "/care/tips/winter", "/care/tips/pump-vibration", "/tips/ours-axe", "/tickets?view=queue", "/track/TRK-T-1037", "/agreements?tier=premium&customer=acme", "/contracts?profit=CT-1003", "/ledger", "/ledger?ticket=T-1042", "/prices", "/bom?part=PMP-BRG-6309", "/track/TRK-T-1042", "/limits", "/notifications", "/maintenance", "/updates", "/alarm-performance", "/evaluation", "/models", $"/models/{Uri.EscapeDataString(StageModels.Worse)}", $"/models/{Uri.EscapeDataString(StageModels.Life)}", $"/models/{Uri.EscapeDataString(StageModels.Challenger)}", "/models/train?file=TABLE", "/rules/pump/limits", "/rules/pump/limits/backtest"];
    private static readonly string[] OtherPaths =
        ["/alerts/alm-cooling", "/dead-letters", "/audit", "/rules", "/parts/units/BRG-0113", "/login", "/setup", "/track/TRK-T-1042", $"/session/{StageSessions.Secret}", "/session/unknown", "/nowhere"];

    /// <summary>A phone never scrolls the page across: names what is wider than the screen, outside of regions that scroll by themselves.</summary>
    private const string SticksOut = """
        () => document.documentElement.scrollWidth <= innerWidth ? '' : [...document.querySelectorAll('main *')]
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll, pre')).map(e => `${e.tagName}.${e.className}`).join(' ') || `the page is ${document.documentElement.scrollWidth} px wide`
        """;

    /// <summary>Every main page in both languages, widths and themes once; all combinations and all pages when SEAMLESS_AXE is <c>full</c> (some minutes).</summary>
    public static TheoryData<string, string, int, string> Scans()
    {
        var data = new TheoryData<string, string, int, string>();
        var full = Environment.GetEnvironmentVariable("SEAMLESS_AXE") == "full";
        foreach (var path in MainPaths)
        {
            data.Add(path, "en", 1440, "light");
            data.Add(path, "zh-CN", 390, "dark");
            if (!full) continue;
            data.Add(path, "en", 390, "light");
            data.Add(path, "zh-CN", 1440, "light");
            data.Add(path, "en", 1440, "dark");
        }
        foreach (var path in full ? OtherPaths : []) data.Add(path, "en", 1440, "light");
        return data;
    }

    [Theory]
    [MemberData(nameof(Scans))]
    public async Task A_page_is_accessible_and_quiet(string path, string language, int width, string theme)
    {
        var (page, complaints) = await rig.OpenAsync(path.Replace("TABLE", rig.Stage.Table, StringComparison.Ordinal), new Look(width, language, theme));
        await page.WaitForTimeoutAsync(500);

        var result = await page.RunAxe(Wcag22Aa);

        Assert.True(result.Violations.Length == 0, string.Join("\n", result.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html}"))));
        Assert.DoesNotContain(complaints, c => path != "/nowhere" || !c.Contains("404", StringComparison.Ordinal));
        Assert.Equal(language, await page.GetAttributeAsync("html", "lang"));
        Assert.Equal("", await page.EvaluateAsync<string>(SticksOut));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task An_alert_is_acknowledged_with_two_keys_and_written_down()
    {
        var (page, _) = await rig.OpenAsync("/alerts", new Look());
        await page.FocusAsync("alert-list a[data-alert='alm-service']");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("k");
        await page.Keyboard.PressAsync("j");
        var chosen = await page.EvaluateAsync<string>("document.activeElement.dataset.alert");
        await page.Keyboard.PressAsync("a");
        await page.WaitForSelectorAsync("#toasts .toast button");
        await page.WaitForSelectorAsync($"#row-{chosen}:not(.unacknowledged)", new() { State = WaitForSelectorState.Attached });

        Assert.Equal(AlarmState.Acknowledged, (await rig.Stage.Alarms.FindAsync("default", chosen, default))!.State);
        Assert.Contains(await rig.Stage.Audit.ListAsync("default", null, 100, default), e => e is { Action: "alarm.acknowledge", Actor: "li", Result: "ok" } && e.Subject == $"alarm:{chosen}");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("en", "Similar past cases", "87% similar", "the same type: Pump; the same symptoms: Vibration high", "No closed ticket resembles this alarm yet.")]
    [InlineData("zh-CN", "相似的历史案例", "相似度 87%", "同一类型：水泵；相同症状：振动高", "尚无与此告警相似的已关闭工单。")]
    public async Task An_alert_tells_of_past_cases_like_it_with_the_reasons(string language, string title, string share, string why, string none)
    {
        var (page, _) = await rig.OpenAsync("/alerts/alm-bearing", new Look(Language: language));
        var told = await page.InnerTextAsync("[data-similar='1']");

        foreach (var words in (string[])[title, share, why, "PMP-BRG-6309"]) Assert.Contains(words, told, StringComparison.Ordinal);
        Assert.Equal("/tickets/T-1037", await page.GetAttributeAsync("[data-similar] a", "href"));
        await page.GotoAsync(new Uri(new Uri(page.Url), "/alerts/alm-drift").AbsoluteUri);
        Assert.Contains(none, await page.InnerTextAsync("[data-similar='0']"), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task An_acknowledgement_can_be_taken_back()
    {
        var (page, _) = await rig.OpenAsync("/alerts?id=alm-drift", new Look());
        await page.FocusAsync("alert-list a[data-alert='alm-drift']");
        await page.Keyboard.PressAsync("a");
        await page.WaitForSelectorAsync("#toasts .toast button");
        await page.Keyboard.PressAsync("u");
        await page.WaitForTimeoutAsync(4000);   // longer than it would have waited

        Assert.Equal(AlarmState.Unacknowledged, (await rig.Stage.Alarms.FindAsync("default", "alm-drift", default))!.State);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Keys_do_nothing_outside_the_list()
    {
        var (page, _) = await rig.OpenAsync("/alerts?id=alm-drift", new Look());
        await page.FocusAsync("input[type=search]");
        await page.Keyboard.TypeAsync("ask?");

        Assert.Equal("ask?", await page.InputValueAsync("input[type=search]"));
        Assert.Equal(0, await page.Locator("#toasts .toast, dialog[open]").CountAsync());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task What_another_person_does_appears_by_itself_and_leaves_the_focus_alone()
    {
        var (page, _) = await rig.OpenAsync("/alerts?view=all", new Look());
        await page.FocusAsync("alert-list a[data-alert='alm-frames']");
        await page.WaitForTimeoutAsync(600);
        await rig.Stage.Alarms.ShelveAsync("default", "alm-frames", "wang", "known", DateTimeOffset.MaxValue, default);

        await page.WaitForSelectorAsync("#row-alm-frames:has-text('Shelved')");

        Assert.Equal("alm-frames", await page.EvaluateAsync<string>("document.activeElement.dataset.alert"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_lost_feed_is_said_aloud()
    {
        var (page, _) = await rig.OpenAsync("/", new Look());
        await page.WaitForTimeoutAsync(600);
        await page.RouteAsync("**/live", route => route.AbortAsync());
        await page.Context.SetOfflineAsync(true);
        await page.EvaluateAsync("dispatchEvent(new Event('pagehide'))");

        await page.WaitForSelectorAsync("#stale:not([hidden])", new() { Timeout = 10_000 });
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_viewer_sees_no_button_that_would_be_refused()
    {
        var (page, _) = await rig.OpenAsync("/alerts?id=alm-cooling", new Look(Role: "viewer"));
        Assert.Equal(0, await page.Locator("main form[method=post]").CountAsync());
        var answer = await page.APIRequest.PostAsync($"{rig.Stage.Url}/alerts/alm-cooling/acknowledge");
        Assert.False(answer.Ok);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_stranger_sees_the_login_and_the_repair_they_know_the_code_of()
    {
        var (page, _) = await rig.OpenAsync("/tickets", new Look(), role: "");
        Assert.Contains("/login", page.Url, StringComparison.Ordinal);
        await page.GotoAsync("/track/TRK-T-1042");
        Assert.Contains("A technician is booked", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.DoesNotContain("Bohai", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_ticket_is_moved_on_without_a_script()
    {
        var (page, _) = await rig.OpenAsync("/tickets/T-1041", new Look());
        await page.Locator("details.fold:has(textarea[name=text]) summary").ClickAsync();
        await page.FillAsync("textarea[name=text]", "spare key at the gate");
        await page.Locator("details.fold:has(textarea[name=text]) button").ClickAsync();

        await page.WaitForSelectorAsync(".notice");
        Assert.Contains("spare key at the gate", await page.InnerTextAsync("#ticket-timeline"), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Limits_are_seen_by_all_and_set_by_an_administrator()
    {
        var (viewer, _) = await rig.OpenAsync("/limits", new Look());
        Assert.Equal(0, await viewer.Locator("main form[action^='/limits']").CountAsync());
        Assert.Contains("1,207 messages met a limit", await viewer.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.Equal("pump-004", await viewer.InnerTextAsync("#device-limits tbody tr:first-child th a"));
        await viewer.Context.CloseAsync();

        var (page, _) = await rig.OpenAsync("/devices/pump-004", new Look(Role: "admin"));
        Assert.Contains("1,204 too fast", await page.InnerTextAsync("#device-limits"), StringComparison.Ordinal);
        await page.Locator("#device-limits details.fold summary").ClickAsync();
        await page.FillAsync("#device-limits input[name=messagesPerSecond]", "25");
        await page.FillAsync("#device-limits input[name=bytesPerDay]", "none");
        await page.Locator("#device-limits details.fold button").First.ClickAsync();

        await page.WaitForSelectorAsync(".notice:not(.limits-notice)");
        Assert.Contains("12.4 of 25", await page.InnerTextAsync("#device-limits"), StringComparison.Ordinal);
        Assert.Contains(await rig.Stage.Audit.ListAsync("default", null, 100, default), e => e is { Action: "limits.set", Actor: "li", Result: "ok", Subject: "device:pump-004" });
        await page.Context.CloseAsync();
    }
}
