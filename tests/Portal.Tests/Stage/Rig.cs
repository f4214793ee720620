using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Seamless.Portal.Tests.Stage.Rig))]

namespace Seamless.Portal.Tests.Stage;

/// <summary>How a page is looked at.</summary>
public sealed record Look(int Width = 1440, string Language = "en", string Theme = "light", string Role = "engineer")
{
    public override string ToString() => $"{Width} {Language} {Theme} {Role}";
}

/// <summary>One stage and one headless Chromium for all tests. Without a Chromium on this machine the tests say so and are skipped.</summary>
public sealed class Rig : IAsyncLifetime
{
    private static readonly string[] Arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run", "--disable-dev-shm-usage"];

    /// <summary>ms. Several browsers and a training run share two cores here: what takes two seconds alone has taken thirty.</summary>
    private const float Patience = 90_000;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public StageHost Stage { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Stage = await StageHost.StartAsync(CancellationToken.None);
        if (FindChromium() is not { } chromium) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = Arguments });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        await Stage.DisposeAsync();
    }

    /// <summary>A fresh page; whatever its console complains of, and any breach of the content security policy, is in the list.</summary>
    /// <param name="url">The server when it is not the stage.</param>
    public async Task<(IPage Page, List<string> Complaints)> OpenAsync(string path, Look look, string? role = null, string? url = null)
    {
        Assert.SkipWhen(_browser is null, "no chromium on this machine (apt-get install chromium)");
        var context = await _browser!.NewContextAsync(new() { ViewportSize = new() { Width = look.Width, Height = look.Width < 500 ? 844 : 900 }, TimezoneId = "Asia/Shanghai", Locale = look.Language, BaseURL = url ?? Stage.Url });
        context.SetDefaultTimeout(Patience);
        context.SetDefaultNavigationTimeout(Patience);
        await context.AddCookiesAsync([.. new[] { ("seamless.lang", look.Language), ("seamless.theme", look.Theme), ("seamless.zone", "Asia/Shanghai"), (StageHost.RoleCookie, role ?? look.Role) }
            .Where(c => c.Item2.Length > 0).Select(c => new Cookie { Name = c.Item1, Value = c.Item2, Url = url ?? Stage.Url })]);
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => { if (message.Type is "error" or "warning") complaints.Add(message.Text); };
        page.PageError += (_, error) => complaints.Add(error);
        await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        return (page, complaints);
    }

    private static string? FindChromium() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
}

/// <summary>What the tests do with a page more than once.</summary>
public static class PageActions
{
    /// <summary>Clicks what sends a form, and waits until the page that answers it is there: an older notice is not taken for the answer.</summary>
    public static async Task SendAsync(this IPage page, string button)
    {
        await page.EvaluateAsync("document.documentElement.dataset.before = ''");
        await page.ClickAsync(button);
        await page.Locator("html:not([data-before]) body > *").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }
}
