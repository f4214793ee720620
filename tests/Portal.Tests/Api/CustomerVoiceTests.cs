using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Seamless.Machines.Fleet;
using Seamless.Portal.Commands;

namespace Seamless.Portal.Tests.Api;

/// <summary>What customers say, through the public doors, on a clock that the test moves.</summary>
public sealed class CustomerVoiceTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 16, 12, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("seamless-voice-");
    private readonly SimulatedClock _clock = new(Noon);
    private readonly Dictionary<string, HttpClient> _people = [];
    private readonly HashSet<string> _devices = [];
    private Platform _platform = null!;   // started before each test

    [Fact]
    [Trait("Scenario", "59")]
    public async Task Nps_is_promoters_less_detractors_with_what_moves_it()
    {
        int[] answers = [10, 9, 9, 8, 7, 6, 0, 10, 5, 9];   // five promoters, three detractors of ten
        foreach (var (recommend, n) in answers.Select((a, n) => (a, n)))
        {
            var ticket = await DoneTicketAsync("acme", late: recommend <= 6);
            await SendAsync("admin", "/api/v1/surveys/ratings", new { ticket = Id(ticket), recommend, effort = n % 2 == 0 ? 7 : 4, satisfaction = recommend / 2 == 0 ? 1 : recommend / 2 });
        }
        var all = Assert.Single((await GetAsync("/api/v1/surveys/figures?by=all"))["items"]!.AsArray())!;
        Assert.Equal((20, 10, 5, 3), ((double)all["recommend"]!["value"]!, (int)all["recommend"]!["count"]!, (int)all["recommend"]!["promoters"]!, (int)all["recommend"]!["detractors"]!));
        Assert.True((double)all["recommend"]!["low"]! < 20 && (double)all["recommend"]!["high"]! > 20);
        Assert.Equal(20, await KpiAsync("nps"));
        Assert.Equal(0.5, await KpiAsync("customerEffort"));
        await SendAsync("admin", "/api/v1/complaints/policy", new { enoughAnswers = 3 }, HttpMethod.Put);
        var driver = (await GetAsync("/api/v1/surveys/drivers"))["items"]!.AsArray().Single(d => (string)d!["code"]! == "resolvedInTime")!;
        Assert.True((double)driver["difference"]! > 100, driver.ToJsonString());   // who waited too long does not recommend
    }

    [Fact]
    [Trait("Scenario", "51")]
    public async Task The_customer_follows_the_technician_and_rates_once_without_a_login()
    {
        var ticket = await OpenTicketAsync("acme");
        var code = (string)ticket["trackingCode"]!;
        Assert.Equal(HttpStatusCode.Conflict, (await RawAsync(null, $"/api/v1/track/{code}/rating", new { recommend = 9 })).StatusCode);
        await ActAsync(ticket, "acknowledge");
        await ActAsync(ticket, "depart");
        Assert.Equal("enRoute", (string)(await GetAsync($"/api/v1/track/{code}", null))["status"]!, ignoreCase: true);   // at the next look, not at the next beat
        await ActAsync(ticket, "arrive");
        await ActAsync(ticket, "resolve");
        var posts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RawAsync(null, $"/api/v1/track/{code}/rating", new { recommend = 9, effort = 7, satisfaction = 5, comment = "quick and clean" })));
        Assert.All(posts, post => Assert.Equal(HttpStatusCode.OK, post.StatusCode));
        await RawAsync(null, $"/api/v1/track/{Id(ticket)}/rating?serial={(string)ticket["serial"]!}", new { recommend = 10, effort = 7, satisfaction = 5, comment = "quick and clean" });

        var rating = Assert.Single((await GetAsync("/api/v1/surveys/ratings"))["items"]!.AsArray())!;
        Assert.Equal((10, "quick and clean", "acme"), ((int)rating["answers"]!["recommend"]!, (string)rating["answers"]!["comment"]!, (string)rating["customer"]!));
        foreach (var path in (string[])[$"/api/v1/track/{code}", $"/api/v1/track/{code}/voice", $"/track/{code}"])
            Assert.DoesNotContain("quick and clean", await Person(null).GetStringAsync(path), StringComparison.Ordinal);
        Assert.Contains((await GetAsync("/api/v1/audit"))["items"]!.AsArray(), e => (string)e!["action"]! == "ticket.rate" && (string)e["actor"]! == "customer");
    }

    [Fact]
    public async Task Who_guesses_learns_nothing_and_is_slowed_down()
    {
        var ticket = await DoneTicketAsync("acme");
        var bodies = new HashSet<string>();
        foreach (var path in (string[])["/api/v1/track/NOSUCH22/rating", $"/api/v1/track/{Id(ticket)}/rating", $"/api/v1/track/{Id(ticket)}/rating?serial=SN-0", "/api/v1/track/T-9999/rating?serial=SN-0"])
        {
            var answer = await RawAsync(null, path, new { recommend = 1 });
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            bodies.Add((string)(await RunningPlatform.BodyAsync(answer))["detail"]!);
        }
        foreach (var (path, body) in new (string, object)[] { ("complaints", new { type = "other", text = "x" }), ("compliments", new { text = "x" }), ("requests", new { text = "x" }), ("complaints/C-1001/decision", new { }) })
        {
            var answer = await RawAsync(null, $"/api/v1/track/NOSUCH22/{path}", body);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            bodies.Add((string)(await RunningPlatform.BodyAsync(answer))["detail"]!);
        }
        Assert.Single(bodies);
        var statuses = new List<HttpStatusCode>();
        for (var n = 0; n < 20; n++) statuses.Add((await RawAsync(null, "/api/v1/track/NOSUCH22/rating", new { recommend = 1 })).StatusCode);
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
    }

    [Fact]
    [Trait("Scenario", "55")]
    public async Task Effort_is_computed_from_the_log_touches_transfers_and_repeats()
    {
        var ticket = await OpenTicketAsync("acme");
        await ActAsync(ticket, "acknowledge");
        await ActAsync(ticket, "depart");
        await ActAsync(ticket, "arrive");                       // a visit
        await ActAsync(ticket, "resolve");
        await ActAsync(ticket, "reopen", new { note = "leaks again" });   // a repeat
        await SendAsync(null, $"/api/v1/track/{(string)ticket["trackingCode"]!}/complaints", new { type = "quality", text = "it leaks again" });   // a contact
        await PeopleAsync(("lin", "dispatcher"));
        var complaint = Id(Assert.Single((await GetAsync("/api/v1/complaints"))["items"]!.AsArray())!);
        await SendAsync("admin", $"/api/v1/complaints/{complaint}/actions/assign", new { person = "lin" });
        await SendAsync("lin", $"/api/v1/complaints/{complaint}/actions/hand-over", new { person = "mo", note = "his field" });   // a transfer
        await ActAsync(ticket, "depart");
        await ActAsync(ticket, "arrive");                       // another visit
        await ActAsync(ticket, "resolve");
        await SendAsync(null, $"/api/v1/track/{(string)ticket["trackingCode"]!}/rating", new { effort = 2 });
        await DoneTicketAsync("acme");                          // one visit, as it should be

        var acme = Assert.Single((await GetAsync("/api/v1/surveys/figures?by=customer"))["items"]!.AsArray())!;
        var touches = acme["touches"]!;
        Assert.Equal((3, 1, 1, 1, 2, 3.0), ((int)touches["visits"]!, (int)touches["contacts"]!, (int)touches["transfers"]!, (int)touches["repeats"]!, (int)touches["tickets"]!, (double)touches["perTicket"]!));
        Assert.Equal((3.0, 0.0), (await KpiAsync("customerTouches"), await KpiAsync("customerEffort")));
    }

    [Fact]
    [Trait("Scenario", "8")]
    public async Task Thank_you_letters_are_kept_with_the_case_and_show_in_the_technicians_figures()
    {
        var ticket = await DoneTicketAsync("acme");
        var technician = (string)(await GetAsync($"/api/v1/tickets/{Id(ticket)}"))["visit"]!["technician"]!;
        await SendAsync("admin", "/api/v1/compliments", new { text = "Thank you for coming at night", ticket = Id(ticket) });
        await SendAsync(null, $"/api/v1/track/{(string)ticket["trackingCode"]!}/compliments", new { text = "And for the clean floor" });
        await SendAsync(null, $"/api/v1/track/{(string)ticket["trackingCode"]!}/compliments", new { text = "And for the clean floor" });

        Assert.Equal(2, (await GetAsync($"/api/v1/compliments?technician={technician}"))["items"]!.AsArray().Count);
        var figures = Assert.Single((await GetAsync("/api/v1/surveys/figures?by=technician"))["items"]!.AsArray())!;
        Assert.Equal((technician, 2), ((string)figures["of"]!, (int)figures["compliments"]!));
        Assert.Equal(2, (await GetAsync($"/api/v1/tickets/{Id(ticket)}"))["timeline"]!.AsArray().Count(e => (string)e!["kind"]! == "compliment"));
    }

    [Fact]
    [Trait("Scenario", "9")]
    public async Task A_need_is_answered_by_its_department_and_climbs_when_it_is_not()
    {
        var ticket = await DoneTicketAsync("acme");
        var code = (string)ticket["trackingCode"]!;
        var kept = (string)(await SendAsync("admin", "/api/v1/requests", new { text = "A manual in Chinese", ticket = Id(ticket), department = "documentation", dueAt = Noon.AddDays(3) }))["number"]!;
        var forgotten = (string)(await SendAsync("admin", "/api/v1/requests", new { text = "A spare key", customer = "acme", department = "sales", dueAt = Noon.AddDays(2) }))["number"]!;
        await SendAsync("admin", $"/api/v1/requests/{kept}/answer", new { answer = "It is on our site since today" });
        await PassAsync(TimeSpan.FromDays(2.5), TimeSpan.FromHours(12));

        var requests = (await GetAsync("/api/v1/requests"))["items"]!.AsArray().ToDictionary(r => (string)r!["number"]!, r => r!);
        Assert.Equal((0, 1), ((int)requests[kept]["escalationLevel"]!, (int)requests[forgotten]["escalationLevel"]!));
        Assert.Equal("It is on our site since today", (string)(await GetAsync($"/api/v1/track/{code}/voice", null))["requests"]![0]!["answer"]!);
        Assert.Equal(HttpStatusCode.BadRequest, (await RawAsync("admin", $"/api/v1/requests/{forgotten}/pass-on", new { department = "logistics" })).StatusCode);
        Assert.Equal("logistics", (string)(await SendAsync("admin", $"/api/v1/requests/{forgotten}/pass-on", new { department = "logistics", note = "theirs" }))["department"]!);
    }

    [Fact]
    [Trait("Scenario", "10")]
    public async Task Known_answers_of_a_questionnaire_give_known_indices_and_a_partner_under_target_is_flagged()
    {
        var items = Enumerable.Range(1, 24).Select(n => new
        {
            id = $"q{n}", text = new { en = $"Question {n}", zhCN = $"问题 {n}" }, index = n <= 16 ? "satisfaction" : "loyalty", min = 1, max = 5,
        });
        var first = await SendAsync("admin", "/api/v1/surveys/questionnaires", new { id = "annual", title = new { en = "Annual survey", zhCN = "年度调查" }, items, satisfactionTarget = 90, loyaltyTarget = 40 });
        Assert.Equal(1, (int)first["version"]!);
        foreach (var (partner, satisfaction, loyalty) in new[] { ("north", 5, 3), ("south", 4, 3) })
            for (var n = 0; n < 5; n++)
                await SendAsync("admin", "/api/v1/surveys/questionnaires/annual/responses", new { respondent = $"{partner}-{n}", partner, answers = Enumerable.Range(1, 24).ToDictionary(q => $"q{q}", q => q <= 16 ? satisfaction : loyalty) });
        var report = await GetAsync("/api/v1/surveys/questionnaires/annual/report");
        var (north, south) = (report["results"]![0]!, report["results"]![1]!);
        Assert.Equal((100, 50, false), ((double)north["satisfaction"]!["value"]!, (double)north["loyalty"]!["value"]!, (bool)north["underTarget"]!));
        Assert.Equal((75, 50, true), ((double)south["satisfaction"]!["value"]!, (double)south["loyalty"]!["value"]!, (bool)south["underTarget"]!));
        Assert.Equal((87.5, 10), ((double)report["satisfaction"]!["value"]!, (int)report["satisfaction"]!["count"]!));

        Assert.Equal(2, (int)(await SendAsync("admin", "/api/v1/surveys/questionnaires", new { id = "annual", title = "Annual survey", items }))["version"]!);
        Assert.Equal(0, (int)(await GetAsync("/api/v1/surveys/questionnaires/annual/report"))["satisfaction"]!["count"]!);
        Assert.Equal(10, (int)(await GetAsync("/api/v1/surveys/questionnaires/annual/report?version=1"))["satisfaction"]!["count"]!);
        foreach (var (body, words) in new (object, string)[]
        {
            (new { respondent = "x", partner = "north", answers = new { q99 = 1 } }, "q99"), (new { respondent = "x", partner = "north", answers = new { q1 = 6 } }, "1 to 5"),
            (new { respondent = "x", answers = new { q1 = 1 } }, "'customer' or 'partner'"), (new { respondent = "x", partner = "north" }, "answers"),
        })
        {
            var refused = await RawAsync("admin", "/api/v1/surveys/questionnaires/annual/responses", body);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains(words, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Scenario", "25")]
    public async Task Green_clocks_over_an_unhappy_customer_are_flagged_and_written_down_once_a_month()
    {
        // Both are served in time, each time. One of them would not say it aloud, but says it when asked.
        for (var n = 0; n < 6; n++)
        {
            await SendAsync("admin", "/api/v1/surveys/ratings", new { ticket = Id(await DoneTicketAsync("content")), recommend = 9, satisfaction = 5 });
            await SendAsync("admin", "/api/v1/surveys/ratings", new { ticket = Id(await DoneTicketAsync("silent")), recommend = 4, satisfaction = 2, comment = "I had to explain it three times" });
            if (n == 3) Assert.Empty((await GetAsync("/api/v1/surveys/divergences"))["items"]!.AsArray());   // four answers are too few
        }
        var recorded = Assert.Single((await GetAsync("/api/v1/surveys/divergences"))["items"]!.AsArray())!;
        Assert.Equal(("silent", "2026-03", 1.0, -100.0), ((string)recorded["customer"]!, (string)recorded["period"]!, (double)recorded["sla"]!, (double)recorded["recommend"]!));
        Assert.Equal(1, await KpiAsync("divergences"));
        var customers = (await GetAsync("/api/v1/surveys/customers"))["items"]!.AsArray();
        Assert.Equal(["silent", "content"], customers.Select(c => (string)c!["figures"]!["of"]!));
        Assert.Equal(["recommend-low", "satisfaction-low"], customers[0]!["divergence"]!["reasons"]!.AsArray().Select(r => (string)r!));
        Assert.Null(customers[1]!["divergence"]);
    }

    [Fact]
    [Trait("Scenario", "36")]
    public async Task A_complaint_goes_to_its_specialist_to_the_parts_department_to_the_manager_and_to_a_solution_of_its_own()
    {
        await SendAsync("admin", "/api/v1/complaints/policy", new { specialists = new { parts = "lin" } }, HttpMethod.Put);
        await PeopleAsync(("lin", "dispatcher"), ("mo", "engineer"), ("boss", "admin"));
        var ticket = await OpenTicketAsync("acme");
        var code = (string)ticket["trackingCode"]!;
        await SendAsync(null, $"/api/v1/track/{code}/complaints", new { type = "parts", text = "The part has been coming for a week" });
        var complaint = Assert.Single((await GetAsync("/api/v1/complaints?status=open"))["items"]!.AsArray())!;
        var path = $"/api/v1/complaints/{Id(complaint)}/actions";
        Assert.Equal(("lin", "assigned"), ((string)complaint["owner"]!, (string)complaint["status"]!));

        await SendAsync("lin", $"{path}/ask", new { department = "parts", question = "Where is it?", hours = 4 });
        await SendAsync("mo", $"{path}/reply", new { answer = "Lost by the carrier" });
        Assert.Equal(HttpStatusCode.Forbidden, (await RawAsync("mo", $"{path}/answer", new { note = "it is lost" })).StatusCode);   // only the owner speaks to the customer
        await SendAsync("lin", $"{path}/offer", new { alternatives = new object[] { new { text = "A new part by courier", goodwillPart = true } } });
        await SendAsync(null, $"/api/v1/track/{code}/complaints/{Id(complaint)}/decision", new { });
        var escalated = await SendAsync("lin", $"{path}/offer", new { alternatives = new object[] { new { text = "A new machine", swap = true, money = 500 }, new { text = "Money back", money = 1800 } } });
        Assert.Equal("escalated", (string)escalated["status"]!);
        Assert.DoesNotContain("A new machine", await Person(null).GetStringAsync($"/api/v1/track/{code}/voice"), StringComparison.Ordinal);
        await SendAsync("boss", $"{path}/approve", new { });
        Assert.Equal("A new machine", (string)(await GetAsync($"/api/v1/track/{code}/voice", null))["complaints"]![0]!["alternatives"]![0]!["text"]!);
        Assert.Equal(HttpStatusCode.BadRequest, (await RawAsync(null, $"/api/v1/track/{code}/complaints/{Id(complaint)}/decision", new { alternative = 3 })).StatusCode);
        var seen = await SendAsync(null, $"/api/v1/track/{code}/complaints/{Id(complaint)}/decision", new { alternative = 1 });
        Assert.Equal("agreed", (string)seen["complaints"]![0]!["status"]!);
        Assert.Equal(HttpStatusCode.BadRequest, (await RawAsync("lin", $"{path}/hand-over", new { person = "mo" })).StatusCode);
        Assert.Equal("mo", (string)(await SendAsync("lin", $"{path}/hand-over", new { person = "mo", note = "on leave; the machine is ordered" }))["owner"]!);
        var closed = await SendAsync("mo", $"{path}/close", new { note = "delivered" });
        Assert.Equal(("closed", true, true), ((string)closed["status"]!, (bool)closed["clocks"]!["firstAnswerMet"]!, (bool)closed["clocks"]!["solutionMet"]!));
        Assert.DoesNotContain("coming for a week", await Person(null).GetStringAsync($"/api/v1/track/{code}/voice"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Scenario", "54")]
    public async Task Within_their_authority_nobody_asks_and_beyond_it_somebody_else_decides()
    {
        await PeopleAsync(("tech", "technician"), ("eng", "engineer"), ("boss", "admin"), ("view", "viewer"));
        object Offer(decimal money = 0, bool part = false, bool swap = false, string? command = null) =>
            new { alternatives = new[] { new { text = "so", money, goodwillPart = part, swap, command } } };
        foreach (var (person, offer, status) in new[]
        {
            ("tech", Offer(50), "offered"), ("tech", Offer(50.01m), "escalated"), ("tech", Offer(part: true), "offered"), ("tech", Offer(swap: true), "escalated"), ("tech", Offer(command: "R1"), "offered"),
            ("tech", Offer(command: "R2"), "escalated"), ("eng", Offer(300, true, true, "R2"), "offered"), ("eng", Offer(command: "R3"), "escalated"), ("eng", Offer(301), "escalated"),
        })
        {
            var id = await OwnedAsync(person);
            var offered = await SendAsync(person, $"/api/v1/complaints/{id}/actions/offer", offer);
            Assert.Equal(status, (string)offered["status"]!);
            Assert.Equal(status == "offered" ? person : null, (string?)offered["offers"]![0]!["approvedBy"]);
            if (status == "offered") continue;
            Assert.Equal(HttpStatusCode.Forbidden, (await RawAsync(person, $"/api/v1/complaints/{id}/actions/approve", new { })).StatusCode);
            var approved = await SendAsync("boss", $"/api/v1/complaints/{id}/actions/approve", new { });
            if ((string)approved["status"]! == "escalated") approved = await SendAsync("boss", $"/api/v1/complaints/{id}/actions/approve", new { });   // beyond the manager too
            Assert.Equal(("offered", "boss"), ((string)approved["status"]!, (string)approved["offers"]![0]!["approvedBy"]!));
        }
        Assert.Equal(HttpStatusCode.Forbidden, (await RawAsync("eng", "/api/v1/complaints/policy", new { currency = "CNY" }, HttpMethod.Put)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await RawAsync("view", "/api/v1/complaints", new { type = "other", text = "x", customer = "acme" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await RawAsync("admin", "/api/v1/complaints/policy", new { currency = "EURO" }, HttpMethod.Put)).StatusCode);
    }

    [Fact]
    public async Task A_restart_forgets_nothing()
    {
        var ticket = await DoneTicketAsync("acme");
        await SendAsync(null, $"/api/v1/track/{(string)ticket["trackingCode"]!}/rating", new { recommend = 3 });
        await SendAsync(null, $"/api/v1/track/{(string)ticket["trackingCode"]!}/complaints", new { type = "safety", text = "It sparks" });
        await _platform.DisposeAsync();
        _clock.AdvanceTo(_clock.GetUtcNow().AddHours(2));
        await StartAsync();
        await PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        var complaint = Assert.Single((await GetAsync("/api/v1/complaints"))["items"]!.AsArray())!;
        Assert.Equal((1, false), ((int)complaint["escalationLevel"]!, (bool)complaint["clocks"]!["firstAnswerMet"]!));   // safety is answered within the hour, and it was not
        Assert.Equal(-100, await KpiAsync("nps"));
    }

    public async ValueTask InitializeAsync() => await StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var person in _people.Values) person.Dispose();
        await _platform.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private async Task StartAsync()
    {
        _platform = await Platform.StartAsync(new PlatformOptions
        {
            DataDirectory = _data.FullName, PacksDirectory = PacksFolder.Find(null) ?? throw new InvalidOperationException("no packs"), HttpUrl = new Uri("http://127.0.0.1:0"),
            MqttEndpoint = new IPEndPoint(IPAddress.Loopback, 0), AdminApiKey = RunningPlatform.AdminKey, LogLevel = Microsoft.Extensions.Logging.LogLevel.Error, Time = _clock, Beats = false, Durable = false,
        }, CancellationToken.None);
        foreach (var person in _people.Values) person.Dispose();
        _people.Clear();
        Introduce("admin", RunningPlatform.AdminKey);
        Introduce("", null);
    }

    private void Introduce(string name, string? key)
    {
        var http = new HttpClient { BaseAddress = _platform.HttpAddress };
        if (key is not null) http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        _people[name] = http;
    }

    private HttpClient Person(string? name) => _people[name ?? ""];

    private async Task PeopleAsync(params (string Name, string Role)[] people)
    {
        foreach (var (name, role) in people) Introduce(name, (string)(await SendAsync("admin", "/api/v1/keys", new { name, role }))["secret"]!);
    }

    private async Task<string> OwnedAsync(string person)
    {
        var complaint = await SendAsync("admin", "/api/v1/complaints", new { type = "quality", text = $"broken {Guid.CreateVersion7()}", customer = "acme" });
        await SendAsync("admin", $"/api/v1/complaints/{Id(complaint)}/actions/assign", new { person });
        return Id(complaint);
    }

    private async Task<JsonNode> OpenTicketAsync(string customer)
    {
        var device = $"pump-{customer}";
        if (_devices.Add(device)) await SendAsync("admin", "/api/v1/devices", new { id = device, type = "pump", site = "works", serial = $"SN-{customer}", customer });
        return await SendAsync("admin", "/api/v1/tickets", new { device, title = "Leaks" });
    }

    private async Task<JsonNode> DoneTicketAsync(string customer, bool late = false)
    {
        var ticket = await OpenTicketAsync(customer);
        await ActAsync(ticket, "schedule");
        await ActAsync(ticket, "depart");
        if (late) _clock.AdvanceTo(_clock.GetUtcNow().AddHours(30));
        await ActAsync(ticket, "arrive");
        await ActAsync(ticket, "resolve");
        return ticket;
    }

    private Task<JsonNode> ActAsync(JsonNode ticket, string action, object? args = null) => SendAsync("admin", $"/api/v1/tickets/{Id(ticket)}/actions/{action}", args ?? new { });

    private async Task PassAsync(TimeSpan time, TimeSpan step)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            _clock.AdvanceTo(_clock.GetUtcNow() + step);
            await _platform.Services.GetRequiredService<Beat>().AdvanceAsync(_clock.GetUtcNow(), TestContext.Current.CancellationToken);
        }
    }

    private async Task<double?> KpiAsync(string code) =>
        (double?)(await GetAsync("/api/v1/kpis?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z"))["items"]!.AsArray().Single(k => (string)k!["code"]! == code)!["value"];

    private async Task<JsonNode> GetAsync(string path, string? person = "admin") => JsonNode.Parse(await Person(person).GetStringAsync(path))!;

    private async Task<HttpResponseMessage> RawAsync(string? person, string path, object body, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, path) { Content = RunningPlatform.Json(JsonSerializer.Serialize(body)) };
        return await Person(person).SendAsync(request);
    }

    private async Task<JsonNode> SendAsync(string? person, string path, object body, HttpMethod? method = null)
    {
        using var answer = await RawAsync(person, path, body, method);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    private static string Id(JsonNode node) => (string)node["id"]!;
}
