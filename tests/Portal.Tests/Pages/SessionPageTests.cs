using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Seamless.Fleet.Commands;
using Seamless.Portal.Tests.Stage;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;

namespace Seamless.Portal.Tests.Pages;

/// <summary>A remote session from the engineer's side, the customer's and a guest's, in real browsers on a real platform.</summary>
public sealed class SessionPageTests(Rig rig, RunningPlatform running)
{
    private const string Password = "sessions-tests-only-2026";

    [Fact]
    public async Task A_session_is_asked_for_allowed_used_looked_on_and_ended_from_all_its_sides()
    {
        await PostAsync("/api/v1/devices", """{"id":"pump-remote","type":"pump","site":"remote-works","customer":"Bohai Water"}""");
        var ticket = await PostAsync("/api/v1/tickets", """{"device":"pump-remote","title":"Loud pump"}""");
        var (number, code) = ((string)ticket["id"]!, (string)ticket["trackingCode"]!);
        var engineer = await LogInAsync($"/tickets/{number}");

        // Asked for, and nothing can be sent yet.
        var panel = engineer.Locator("#ticket-sessions");
        Assert.Contains("Nobody has asked", await panel.InnerTextAsync(), StringComparison.Ordinal);
        await panel.Locator("summary", new() { HasText = "Ask for remote access" }).PressAsync("Enter");
        await panel.Locator("textarea[name=reason]").FillAsync("To hear why it is loud");
        await panel.Locator("select[name=upTo]").SelectOptionAsync("R1");
        await engineer.SendAsync("#ticket-sessions form[action$='/sessions'] button");
        Assert.Contains("waits for consent", await panel.Locator("#session-1").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await panel.Locator("form[action$='/commands']").CountAsync());
        Assert.Empty((await panel.RunAxe(PageTests.Wcag22Aa)).Violations);

        // The customer reads what it may do, and allows it.
        var (customer, complaints) = await rig.OpenAsync($"/track/{code}", new Look(390, "zh-CN", "dark", ""), url: Address);
        var asked = await customer.InnerTextAsync("#session-1");
        Assert.Contains("To hear why it is loud", asked, StringComparison.Ordinal);
        Assert.Contains("可更改设置、重启服务", asked, StringComparison.Ordinal);
        Assert.DoesNotContain("session-engineer", asked, StringComparison.Ordinal);
        Assert.Empty((await customer.RunAxe(PageTests.Wcag22Aa)).Violations);
        await customer.SendAsync("#session-1 form:has(button.primary) button");
        Assert.Contains("立即结束", await customer.InnerTextAsync("#session-1"), StringComparison.Ordinal);

        // A command, its result, and a link for a guest.
        await engineer.ReloadAsync();
        await panel.Locator("select[name=name]").SelectOptionAsync("self-test");
        await panel.Locator("form[action$='/commands'] button").ClickAsync();
        await engineer.SendAsync("dialog button.primary");
        await ReportAsync("bearing hums at 120 Hz");
        await Assertions.Expect(panel).ToContainTextAsync("bearing hums at 120 Hz", new() { Timeout = 10_000 });   // by itself
        await panel.Locator("summary", new() { HasText = "A guest may look on" }).ClickAsync();
        await panel.Locator("input[name=name]").FillAsync("Bearing works");
        await engineer.SendAsync("#ticket-sessions form[action$='/links'] button");
        var link = (await engineer.InnerTextAsync("main > .notice")).Split(' ')[^1].Trim();
        Assert.Empty((await panel.RunAxe(PageTests.Wcag22Aa)).Violations);

        // The guest sees the machine and what was done, not whose it is.
        var (guest, guestComplaints) = await rig.OpenAsync(new Uri(link).AbsolutePath, new Look(Role: ""), url: Address);
        var seen = await guest.InnerTextAsync("main");
        Assert.Contains("pump-remote", seen, StringComparison.Ordinal);
        Assert.Contains("bearing hums at 120 Hz", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("Bohai", seen, StringComparison.Ordinal);
        Assert.Equal(0, await guest.Locator("main form").CountAsync());
        Assert.Empty((await guest.RunAxe(PageTests.Wcag22Aa)).Violations);

        // The customer ends it: for everybody.
        await customer.ReloadAsync();
        Assert.Contains("self-test", await customer.InnerTextAsync("#session-1"), StringComparison.Ordinal);
        await customer.SendAsync("#session-1 form:has(button.primary) button");
        await guest.ReloadAsync();
        Assert.Contains("no session to see here", await guest.InnerTextAsync("main"), StringComparison.Ordinal);
        await engineer.ReloadAsync();
        Assert.Equal(0, await panel.Locator("#session-1").CountAsync());
        await panel.Locator("summary", new() { HasText = "Past sessions (1)" }).ClickAsync();
        Assert.Contains("Ended by the customer", await panel.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal([], complaints.Concat(guestComplaints));
        foreach (var page in (IPage[])[engineer, customer, guest]) await page.Context.CloseAsync();
    }

    private string Address => running.Platform.HttpAddress.AbsoluteUri.TrimEnd('/');

    private async Task<System.Text.Json.Nodes.JsonNode> PostAsync(string path, string body)
    {
        using var answer = await running.Admin.PostAsync(path, RunningPlatform.Json(body));
        var said = await RunningPlatform.BodyAsync(answer);
        Assert.True(answer.IsSuccessStatusCode, said.ToJsonString());
        return said;
    }

    private async Task<IPage> LogInAsync(string path)
    {
        await PostAsync("/api/v1/users", $$"""{"name":"session-engineer","password":"{{Password}}","role":"engineer"}""");
        var (page, _) = await rig.OpenAsync("/login", new Look(Role: ""), url: Address);
        await page.FillAsync("input[name=userName]", "session-engineer");
        await page.FillAsync("input[name=password]", Password);
        await page.SendAsync("form[action='/account/login'] button");
        await page.GotoAsync(path);
        return page;
    }

    private async Task ReportAsync(string detail)
    {
        var (commands, device) = (running.Platform.Services.GetRequiredService<ICommands>(), new DeviceKey(DeviceKey.DefaultTenant, "pump-remote"));
        var command = Assert.Single(await commands.ListAsync(device, 10, default));
        Assert.True((await commands.ReportAsync(device, new CommandResult(command.Id, CommandStatus.Succeeded, 100, detail, null), default)).Succeeded);
    }
}
