using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Seamless.Portal.Tests.Pages;

/// <summary>Every page that needs no name in its address, of a whole platform with its own database: what the stage answers at once takes a moment here.</summary>
public sealed partial class RealPagesTests(RunningPlatform running)
{
    private const string Password = "pages-tests-only-2026";

    [Fact]
    public async Task Every_page_opens_for_an_administrator()
    {
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = running.Platform.HttpAddress };
        await LogInAsync(browser);
        var pages = running.Platform.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null && endpoint.RoutePattern.Parameters.Count == 0)
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/')).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(pages.Count > 20, $"only {pages.Count} pages");
        var broken = new List<string>();
        foreach (var page in pages)
        {
            using var answer = await browser.GetAsync(page);
            var text = await answer.Content.ReadAsStringAsync();
            if ((int)answer.StatusCode >= 500 || (answer.IsSuccessStatusCode && !text.Contains("<h1", StringComparison.Ordinal))) broken.Add($"{page}: {(int)answer.StatusCode}");
        }
        Assert.Empty(broken);
    }

    private async Task LogInAsync(HttpClient browser)
    {
        using var user = await running.Admin.PostAsync("/api/v1/users", RunningPlatform.Json($$"""{"name":"pages-admin","password":"{{Password}}","role":"admin"}"""));
        var login = await browser.GetStringAsync("/login");
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", Token().Match(login).Groups[1].Value), new("returnUrl", "/"), new("userName", "pages-admin"), new("password", Password)]);
        using var inside = await browser.PostAsync("/account/login", form);
        Assert.DoesNotContain("login", inside.RequestMessage!.RequestUri!.AbsolutePath, StringComparison.Ordinal);
    }

    [GeneratedRegex("""name="__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex Token();
}
