using Microsoft.Playwright;

namespace Seamless.EndToEnd.Tests.Rig;

/// <summary>Debian's Chromium, without a head.</summary>
public sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run", "--disable-dev-shm-usage"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Browser> StartAsync()
    {
        var chromium = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(chromium is null, "no chromium on this machine (apt-get install chromium)");
        var playwright = await Playwright.CreateAsync();
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = Arguments }));
    }

    /// <summary>A person's session: language and width as given, logged in by the form.</summary>
    public async Task<IPage> LogInAsync(PlatformProcess platform, string language, int width, string theme, string user, string password)
    {
        var context = await _browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = width < 500 ? 844 : 900 }, BaseURL = platform.BaseAddress.ToString(), TimezoneId = "Europe/Berlin", Locale = language,
        });
        await context.AddCookiesAsync([.. new[] { ("seamless.lang", language), ("seamless.theme", theme) }.Select(c => new Cookie { Name = c.Item1, Value = c.Item2, Url = platform.BaseAddress.ToString() })]);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/login");
        await page.FillAsync("input[name=userName]:not([type=hidden])", user);
        await page.FillAsync("input[type=password]", password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(url => !url.Contains("/login", StringComparison.Ordinal));
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
