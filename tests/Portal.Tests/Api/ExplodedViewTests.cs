using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using Seamless.Rules.Packs;

namespace Seamless.Portal.Tests.Api;

/// <summary>From a fault code to the component on the drawing, on a whole platform with the packs as they are shipped.</summary>
public sealed partial class ExplodedViewTests(RunningPlatform running)
{
    private const string Password = "drawing-tests-only-2026";

    [Fact]
    [Trait("Scenario", "78")]
    public async Task Every_fault_that_needs_a_part_highlights_that_part_on_the_drawing_of_its_type()
    {
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = running.Platform.HttpAddress };
        await LogInAsync(browser);
        var packs = running.Platform.Services.GetRequiredService<IPacks>().All.Where(pack => pack.Drawing is not null).ToList();
        Assert.Superset(new HashSet<string> { "motor", "pump", "server", "tv" }, packs.Select(pack => pack.Type).ToHashSet());
        foreach (var pack in packs)
        {
            var drawn = XDocument.Parse(await running.Admin.GetStringAsync($"/api/v1/types/{pack.Type}/drawing"));
            var device = $"drawn-{pack.Type}";
            await PostAsync("/api/v1/devices", $$"""{"id":"{{device}}","type":"{{pack.Type}}","site":"drawing-room"}""");
            foreach (var fault in pack.Faults.Faults.Where(fault => fault.Remedies.Any(remedy => remedy.Parts.Count > 0)))
            {
                var ticket = Number().Match(await PostAsync("/api/v1/tickets", $$"""{"device":"{{device}}","site":"drawing-room","priority":"P3","title":"{{fault.Code}}","faultCode":"{{fault.Code}}"}""")).Groups[1].Value;
                var sheet = Sheet().Match(await browser.GetStringAsync($"/tickets/{ticket}"));
                Assert.True(sheet.Success, $"{pack.Type} {fault.Code}: {ticket} shows no drawing");

                var needed = fault.Remedies.SelectMany(remedy => remedy.Parts).Select(part => part.Sku).ToHashSet();
                var marked = XElement.Parse(sheet.Value).Descendants().Where(shape => shape.Attribute("class")?.Value.Split(' ').Contains("first") == true).ToList();
                Assert.Equal(needed.Order(), marked.Select(shape => shape.Attribute("data-part")!.Value).Distinct().Order());
                // It is the component's own shape that is marked, not only its name.
                foreach (var shape in marked) Assert.Contains(Geometry(drawn.Root!), lines => lines.SequenceEqual(Lines(shape)));
            }
        }

        static IEnumerable<string[]> Geometry(XElement root) => root.Descendants().Where(shape => shape.Attribute("data-part") is not null).Select(Lines);
        static string[] Lines(XElement shape) => [.. shape.Descendants().Select(line => line.Attribute("d")?.Value ?? line.Attribute("points")?.Value).OfType<string>()];
    }

    [Fact]
    public async Task The_drawing_of_a_type_is_svg_that_may_do_nothing_and_is_asked_for_by_its_tag()
    {
        using var first = await running.Admin.GetAsync("/api/v1/types/pump/drawing");
        Assert.Equal((HttpStatusCode.OK, "image/svg+xml"), (first.StatusCode, first.Content.Headers.ContentType!.MediaType));
        var policy = Assert.Single(first.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("; sandbox;", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(first.Headers.GetValues("X-Content-Type-Options")));
        var svg = XDocument.Parse(await first.Content.ReadAsStringAsync());
        Assert.Equal(["Centrifugal pump with motor", "离心泵（含电机）"], svg.Root!.Elements().Where(e => e.Name.LocalName == "title").Select(e => e.Value));
        Assert.Contains(svg.Descendants(), e => e.Attribute("data-part")?.Value == "PMP-BRG-6309");

        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/v1/types/pump/drawing") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var same = await running.Admin.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    [Theory]
    [InlineData("generic", "the pack 'generic' has no drawing")]
    [InlineData("unheard-of", "there is no pack 'unheard-of'")]
    public async Task Where_there_is_no_drawing_the_problem_says_why(string type, string reason)
    {
        using var answer = await running.Admin.GetAsync($"/api/v1/types/{type}/drawing");
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Equal(reason, (string?)(await RunningPlatform.BodyAsync(answer))["detail"]);
    }

    [Fact]
    public async Task Who_is_not_known_sees_no_drawing()
    {
        using var stranger = running.Client(null);
        using var answer = await stranger.GetAsync("/api/v1/types/pump/drawing");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private async Task<string> PostAsync(string path, string body)
    {
        using var answer = await running.Admin.PostAsync(path, RunningPlatform.Json(body));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
        return text;
    }

    private async Task LogInAsync(HttpClient browser)
    {
        using var user = await running.Admin.PostAsync("/api/v1/users", RunningPlatform.Json($$"""{"name":"drawing-reader","password":"{{Password}}","role":"technician"}"""));
        var login = await browser.GetStringAsync("/login");
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", Token().Match(login).Groups[1].Value), new("returnUrl", "/"), new("userName", "drawing-reader"), new("password", Password)]);
        using var inside = await browser.PostAsync("/account/login", form);
        Assert.DoesNotContain("login", inside.RequestMessage!.RequestUri!.AbsolutePath, StringComparison.Ordinal);
    }

    [GeneratedRegex("""name="__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex Token();

    [GeneratedRegex("\"id\":\"(T-[^\"]+)\"")]
    private static partial Regex Number();

    [GeneratedRegex("""(?<=id="ticket-drawing".*)<svg [^>]*role="img".*?</svg>""", RegexOptions.Singleline)]
    private static partial Regex Sheet();
}
