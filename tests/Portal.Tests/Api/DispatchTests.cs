using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Seamless.Portal.Tests.Api;

/// <summary>Technicians and their work over the API. Each test is a country of its own: a territory that nobody else works in, and a skill that nobody else has.</summary>
public sealed class DispatchTests(RunningPlatform running)
{
    private static readonly string[] Everyday = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    [Fact]
    [Trait("Scenario", "11")]
    public async Task Two_hours_on_site_are_refused_for_an_uncovered_place_until_a_resident_is_there()
    {
        var place = new { latitude = 29.65, longitude = 91.14, tier = "premium" };
        var before = await PostAsync("/api/v1/dispatch/feasibility", place);
        Assert.Equal((false, 120, 168), ((bool)before["feasible"]!, (int)before["arriveWithinMinutes"]!, (int)before["hoursWithoutCover"]!));
        Assert.Contains(before["wouldHelp"]!.AsArray(), help => ((string)help!).Contains("resident", StringComparison.Ordinal));

        await SiteAsync("lhasa", 29.65, 91.14);
        await PutAsync("/api/v1/technicians/day-lhasa", Technician("lhasa-skill", 29.6, 91.2, shifts: [new { days = Everyday, from = "08:00", to = "20:00" }], timeZone: "UTC"));
        var day = await PostAsync("/api/v1/dispatch/feasibility", new { site = "lhasa", tier = "premium", skill = "lhasa-skill" });
        Assert.False((bool)day["feasible"]!);
        Assert.InRange((int)day["hoursWithoutCover"]!, 84, 98);
        Assert.InRange((int)day["worstMinutes"]!, 15, 120);

        await PutAsync("/api/v1/technicians/resident-lhasa", Technician("lhasa-skill", 29.65, 91.14, kind: "resident", sites: ["lhasa"]));
        var after = await PostAsync("/api/v1/dispatch/feasibility", new { site = "lhasa", tier = "premium", skill = "lhasa-skill" });
        Assert.Equal((true, 0), ((bool)after["feasible"]!, (int)after["hoursWithoutCover"]!));
        Assert.Contains(after["covering"]!.AsArray(), c => (string)c!["id"]! == "resident-lhasa");
    }

    [Fact]
    [Trait("Scenario", "14")]
    public async Task An_expired_certificate_takes_the_engineer_out_of_dispatch_and_his_visit_goes_to_another()
    {
        var story = await StoryAsync("cert", -30, 20);
        var expired = Technician("cert-none", -30, 20, site: story.Site, certificates: [new { code = "HV-1", skills = Array.Empty<string>(), expiresAt = "2020-01-01T00:00:00Z" }]);
        await PutAsync($"/api/v1/technicians/{story.First}", expired);
        await AssertGoesToAsync(story);
        var board = JsonNode.Parse(await running.Admin.GetStringAsync("/api/v1/dispatch/board"))!;
        Assert.False((bool)board["rows"]!.AsArray().First(r => (string)r!["technician"]! == story.First)!["available"]!);
    }

    [Fact]
    [Trait("Scenario", "32")]
    public async Task A_suspended_partner_gets_no_work_with_the_reason_written_down()
    {
        await PutAsync("/api/v1/partners/partner-32", new { name = "Partner 32", cities = new[] { new { name = "here", latitude = -35.0, longitude = 20.0, radiusKm = 50 } } });
        var story = await StoryAsync("partner", -35, 20, partner: "partner-32");
        using var reasonless = await running.Admin.PutAsJsonAsync("/api/v1/partners/partner-32", new { name = "Partner 32", suspended = true });
        Assert.Equal(HttpStatusCode.BadRequest, reasonless.StatusCode);
        await PutAsync("/api/v1/partners/partner-32", new { name = "Partner 32", suspended = true, reason = "below satisfaction" });
        var ticket = await AssertGoesToAsync(story);
        Assert.Contains("below satisfaction", ticket["timeline"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("partner.suspend", await running.Admin.GetStringAsync("/api/v1/audit?limit=200"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Scenario", "35")]
    public async Task Who_fails_the_exam_loses_the_skill_and_the_open_visits_that_need_it()
    {
        var story = await StoryAsync("exam", -40, 20, fault: "bearing-wear");
        await PutAsync($"/api/v1/technicians/{story.First}", Technician("paperwork", -40, 20, site: story.Site));
        await AssertGoesToAsync(story);
    }

    [Fact]
    [Trait("Scenario", "74")]
    public async Task Parts_that_come_later_move_the_technician_behind_them()
    {
        await SiteAsync("late-parts", -45, 20);
        using var added = await running.Admin.PostAsJsonAsync("/api/v1/devices", new { id = "late-pump", type = "pump", site = "late-parts" });
        Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync());
        await PutAsync("/api/v1/technicians/late-tech", Technician("mechanical", -45, 20, site: "late-parts"));
        var ticket = await TicketAsync(new { device = "late-pump", site = "late-parts", priority = "P2", title = "Bearing", faultCode = "bearing-wear" });
        var (shipment, start) = ((string)ticket["parts"]![0]!["shipment"]!, At(ticket["visit"]!["start"]!));
        await PutAsync($"/api/v1/shipments/{shipment}/eta", new { eta = start.AddHours(9) });
        var after = JsonNode.Parse(await running.Admin.GetStringAsync($"/api/v1/tickets/{ticket["id"] ?? ticket["number"]}"))!;
        Assert.True(At(after["visit"]!["start"]!) >= start.AddHours(9));
        Assert.Single(after["timeline"]!.AsArray(), e => (string)e!["kind"]! == "visit-replanned");
        using var past = await running.Admin.PutAsJsonAsync($"/api/v1/shipments/{shipment}/eta", new { eta = "2020-01-01T00:00:00Z" });
        Assert.Equal(HttpStatusCode.BadRequest, past.StatusCode);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_in_words_and_what_is_put_is_read_back()
    {
        foreach (var (body, word) in new (object, string)[]
        {
            (new { latitude = 99, longitude = 0, skills = new { it = 1 } }, "latitude"), (new { latitude = 9, longitude = 0, skills = new { it = 0 } }, "level"),
            (new { latitude = 9, longitude = 0, skills = new { it = 1 }, timeZone = "Mars" }, "time zone"), (new { latitude = 9, longitude = 0, skills = new { it = 1 }, partner = "nobody" }, "partner"),
            (new { latitude = 9, longitude = 0, skills = new { it = 1 }, shifts = new[] { new { days = Everyday, from = "8 o'clock", to = "18:00" } } }, "hours"),
            (new { latitude = 9, longitude = 0, skills = new { it = 1 }, kind = "resident" }, "resident"),
        })
        {
            using var refused = await running.Admin.PutAsJsonAsync("/api/v1/technicians/wrong", body);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains(word, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        await PutAsync("/api/v1/technicians/right", new { latitude = 9.5, longitude = 1.5, skills = new { it = 2 }, timeZone = "Asia/Shanghai", shifts = new[] { new { days = Everyday, from = "22:00", to = "06:00" } }, van = new Dictionary<string, int> { ["PMP-SEAL-45"] = 2 }, languages = new[] { "zh" }, mostHoursPerDay = 8, sites = new[] { "nowhere" } });
        await PostAsync("/api/v1/technicians/right/absences", new { from = "2031-01-01T00:00:00Z", to = "2031-01-02T00:00:00Z", reason = "course" });
        var read = JsonNode.Parse(await running.Admin.GetStringAsync("/api/v1/technicians/right"))!;
        Assert.Equal(("22:00", 2, 2, "course"), ((string)read["shifts"]![0]!["from"]!, (int)read["skills"]!["it"]!, (int)read["van"]!["PMP-SEAL-45"]!, (string)read["absences"]![0]!["reason"]!));
        using var removed = await running.Admin.DeleteAsync("/api/v1/technicians/right");
        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        using var gone = await running.Admin.GetAsync("/api/v1/technicians/right");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task A_plan_that_nobody_has_looked_at_is_not_applied()
    {
        var proposal = await PostAsync("/api/v1/dispatch/plan", new { });
        Assert.NotNull(proposal["figures"]);
        using var refused = await running.Admin.PostAsJsonAsync("/api/v1/dispatch/plan/apply", new { fingerprint = "guessed" });
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
    }

    private sealed record Story(string Name, string Site, string First, string Second, string? Fault, string Ticket);

    /// <summary>A site at the end of the world with two technicians of its own; the nearer one has the visit.</summary>
    private async Task<Story> StoryAsync(string name, double latitude, double longitude, string? partner = null, string? fault = null)
    {
        var (site, first, second) = ($"{name}-site", $"{name}-first", $"{name}-second");
        await SiteAsync(site, latitude, longitude);
        await PutAsync($"/api/v1/technicians/{first}", Technician("mechanical", latitude, longitude, site: partner is null ? site : null, partner: partner));
        await PutAsync($"/api/v1/technicians/{second}", Technician("mechanical", latitude + 0.3, longitude, site: site));
        if (fault is not null) await PostAsync("/api/v1/devices", new { id = $"{name}-pump", type = "pump", site });
        var ticket = await TicketAsync(Job(name, site, fault));
        Assert.Equal(first, (string?)ticket["visit"]?["technician"]);
        return new Story(name, site, first, second, fault, (string)(ticket["id"] ?? ticket["number"])!);
    }

    private async Task<JsonNode> AssertGoesToAsync(Story story)
    {
        var ticket = JsonNode.Parse(await running.Admin.GetStringAsync($"/api/v1/tickets/{story.Ticket}"))!;
        Assert.Equal(story.Second, (string?)ticket["visit"]?["technician"]);
        Assert.Single(ticket["timeline"]!.AsArray(), e => (string)e!["kind"]! == "visit-replanned");
        var more = await TicketAsync(Job(story.Name, story.Site, story.Fault));
        Assert.NotEqual(story.First, (string?)more["visit"]?["technician"]);   // and gets nothing new
        return ticket;
    }

    private static object Job(string name, string site, string? fault) =>
        fault is null ? new { site, priority = "P3", title = $"Noise at {name}" } : new { site, priority = "P3", title = $"Noise at {name}", device = $"{name}-pump", faultCode = fault };

    /// <summary>Opened, and looked at until the desk has planned it.</summary>
    private async Task<JsonNode> TicketAsync(object body)
    {
        var opened = await PostAsync("/api/v1/tickets", body);
        for (var i = 0; i < 100; i++)
        {
            var ticket = JsonNode.Parse(await running.Admin.GetStringAsync($"/api/v1/tickets/{opened["id"] ?? opened["number"]}"))!;
            if (ticket["visit"] is not null) return ticket;
            await Task.Delay(100);
        }
        throw new TimeoutException($"no visit: {opened.ToJsonString()}");
    }

    private async Task SiteAsync(string id, double latitude, double longitude) =>
        await PutAsync($"/api/v1/sites/{id}", new { name = id, location = new { latitude, longitude }, timeZone = "UTC", customer = "acme" });

    private static Dictionary<string, object> Technician(string skill, double latitude, double longitude, string? site = null, string? kind = null, string[]? sites = null, string? partner = null, object[]? shifts = null, string? timeZone = null, object[]? certificates = null)
    {
        var body = new Dictionary<string, object> { ["latitude"] = latitude, ["longitude"] = longitude, ["skills"] = new Dictionary<string, int> { [skill] = 1 } };
        foreach (var (name, value) in new (string, object?)[] { ("kind", kind), ("partner", partner), ("shifts", shifts), ("timeZone", timeZone), ("certificates", certificates), ("sites", sites ?? (site is null ? null : [site])) })
            if (value is not null) body[name] = value;
        return body;
    }

    private async Task PutAsync(string path, object body)
    {
        using var response = await running.Admin.PutAsJsonAsync(path, body);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {await response.Content.ReadAsStringAsync()}");
    }

    private async Task<JsonNode> PostAsync(string path, object body)
    {
        using var response = await running.Admin.PostAsJsonAsync(path, body);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {await response.Content.ReadAsStringAsync()}");
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    private static DateTimeOffset At(JsonNode text) => DateTimeOffset.Parse((string)text!, CultureInfo.InvariantCulture);
}
