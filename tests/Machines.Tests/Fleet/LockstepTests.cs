using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Seamless.Machines.Fleet;
using Seamless.Machines.Scenarios;
using Seamless.Machines.Scoring;

namespace Seamless.Machines.Tests.Fleet;

[Collection(nameof(SmallPlatform))]
public sealed class LockstepTests : IAsyncLifetime
{
    private readonly SmallPlatform _platform = new();
    private readonly Scenario _quick = ScenarioFile.Load("quick").Value!;

    public async ValueTask InitializeAsync() => await _platform.StartAsync();

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task Every_machine_is_registered_and_sends_every_sample_once()
    {
        var report = await RunAsync(_quick with { Duration = TimeSpan.FromHours(6) });

        Assert.InRange(report.Samples, 12 * 6 * 30, 12 * 6 * 30 + 2 * 60);   // a spike makes its machine watchful for ten minutes
        Assert.Equal(report.Samples, _platform.Samples);
        Assert.Equal(12 + 1, _platform.Requests.Count(request => request.StartsWith("/api/v1/devices ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_is_hired_lives_beside_a_site_and_can_do_what_is_told()
    {
        var hired = ScenarioFile.Parse("x.yaml", """
            name: x
            duration: 1h
            sites: [{ id: mill, latitude: 50.5, longitude: 8.5, timeZone: Europe/Berlin }]
            machines: [{ type: pump, sites: [mill] }]
            technicians: [{ sites: [mill], count: 2, skills: [mechanical, it] }]
            """).Value!;
        await RunAsync(hired);

        string[] asked = [.. _platform.Requests.Where(request => request.StartsWith("/api/v1/technicians/", StringComparison.Ordinal))];
        const string Profile = """{"latitude":50.5,"longitude":8.5,"timeZone":"Europe/Berlin","skills":{"mechanical":1,"it":1}}""";
        Assert.Equal([$"/api/v1/technicians/mill-technician-01 {Profile}", $"/api/v1/technicians/mill-technician-02 {Profile}"], asked);
    }

    [Fact]
    public async Task A_command_acts_before_the_next_step_and_the_machine_is_then_watched_closely()
    {
        var sent = false;
        var beats = new List<DateTimeOffset>();
        var simulation = Simulation(_quick with { Duration = TimeSpan.FromHours(10) });
        var clock = new SimulatedClock(_quick.Start);
        await simulation.RunLockstepAsync(clock, _ => Task.CompletedTask, BeatAsync, new Progress<double>(), TestContext.Current.CancellationToken);

        var hang = simulation.Truth(clock.GetUtcNow()).Faults.Single(fault => fault.Code == "service-hang");
        Assert.Equal(("command", _quick.Start + TimeSpan.FromHours(9.5)), (hang.EndedBy, hang.EndedAt));
        Assert.Equal("succeeded", _platform.Messages["v1/default/server-01/commands/c1/result"].Last().GetProperty("status").GetString());
        Assert.Contains(_quick.Start + TimeSpan.FromHours(9.5) + TimeSpan.FromSeconds(30), beats);

        async Task BeatAsync(DateTimeOffset now, CancellationToken ct)
        {
            beats.Add(now);
            if (sent || now < _quick.Start + TimeSpan.FromHours(9.5)) return;
            sent = true;
            await _platform.CommandAsync("server-01", "c1", "restart-service", now + TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task A_technician_answers_comes_with_the_part_installs_it_and_closes_with_the_truth()
    {
        var (status, shipped) = ("new", "created");
        var opened = _quick.Start + TimeSpan.FromHours(25);
        _platform.Tickets = filter => status == "closed" || (filter == "resolved") != (status == "resolved") ? [] : [Ticket()];
        var simulation = Simulation(_quick with { Duration = TimeSpan.FromHours(60) });
        var clock = new SimulatedClock(_quick.Start);
        await simulation.RunLockstepAsync(clock, _ => Task.CompletedTask, BeatAsync, new Progress<double>(), TestContext.Current.CancellationToken);

        string[] actions = [.. _platform.Requests.Where(request => request.Contains("/actions/", StringComparison.Ordinal)).Select(request => request.Split(' ')[0].Split('/')[^1])];
        Assert.Equal(["acknowledge", "picked-up", "depart", "delivered", "arrive", "install-part", "resolve", "close"], actions);
        Assert.Contains("\"faultCode\":\"bearing-wear\"", _platform.Requests.Last(request => request.Contains("/actions/", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal("technician", simulation.Truth(clock.GetUtcNow()).Faults.Single(fault => fault.Code == "bearing-wear").EndedBy);
        Assert.Equal(
            ["""/api/v1/returns/unused/receive {"disposition":"restock"}""", """/api/v1/returns/worn/receive {"disposition":"scrap"}"""],
            _platform.Requests.Where(request => request.Contains("/returns/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

        object Ticket() => new
        {
            id = "T-1", device = "pump-02", site = "frankfurt-water", status, @class = "HW", openedAt = opened, actions = Array.Empty<string>(), alarms = Array.Empty<string>(),
            causes = new[] { new { code = "bearing-wear", probability = 0.9 } }, parts = new[] { new { sku = "PMP-BRG-6309", quantity = 1, serials = new[] { "S-1" }, status = "reserved" } },
        };

        static object Back(string id, string serial, DateTimeOffset dueAt) => new { id, serial, dueAt, receivedAt = (DateTimeOffset?)null };

        Task BeatAsync(DateTimeOffset now, CancellationToken ct)
        {
            if (now < opened) status = "not yet";
            else if (status == "not yet") status = "new";
            foreach (var request in _platform.Requests.Where(request => request.Contains("/actions/", StringComparison.Ordinal)))
            {
                (status, shipped) = request.Split(' ')[0].Split('/')[^1] switch
                {
                    "acknowledge" => ("acknowledged", shipped),
                    "picked-up" => (status, "inTransit"),
                    "delivered" => (status, "delivered"),
                    "depart" => ("enRoute", shipped),
                    "arrive" => ("onSite", shipped),
                    "resolve" => ("resolved", shipped),
                    "close" => ("closed", shipped),
                    _ => (status, shipped),
                };
            }
            if (_platform.Requests.FirstOrDefault(request => request.Contains("removedSerial", StringComparison.Ordinal)) is { } installed)
            {
                var removed = JsonDocument.Parse(installed[installed.IndexOf('{', StringComparison.Ordinal)..]).RootElement.GetProperty("removedSerial").GetString();
                var due = _quick.Start + TimeSpan.FromDays(14);
                _platform.Returns = [Back("worn", removed!, due - TimeSpan.FromDays(2)), Back("unused", "S-2", due - TimeSpan.FromDays(2)), Back("on its way", "S-3", due)];
            }
            _platform.Shipments = [new { id = "SH-1", ticket = "T-1", state = shipped, createdAt = opened, eta = opened + TimeSpan.FromHours(2) }];
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_customer_whose_machine_does_not_work_calls_once_unless_somebody_is_on_it()
    {
        _platform.Tickets = filter => filter == "open" ? [Ticket()] : [];
        await RunAsync(_quick with { Duration = TimeSpan.FromHours(40) });
        // strainer-clogged fails at 17 h, the bearing at 30 h, but pump-02 has a ticket; the hang and the crash are there at once.
        string[] called = [.. _platform.Requests.Where(request => request.StartsWith("/api/v1/tickets ", StringComparison.Ordinal)).Select(request => request[(request.IndexOf("\"device\":\"", StringComparison.Ordinal) + 10)..].Split('"')[0])];
        Assert.Equal(["pump-04", "server-01", "tv-03"], called.Order());

        object Ticket() => new
        {
            id = "T-1", device = "pump-02", site = "frankfurt-water", status = "paused", @class = "HW", openedAt = _quick.Start, actions = Array.Empty<string>(), alarms = Array.Empty<string>(),
            causes = Array.Empty<object>(), parts = Array.Empty<object>(),
        };
    }

    private Task<SimulationReport> RunAsync(Scenario scenario) => Simulation(scenario).RunLockstepAsync(
        new SimulatedClock(scenario.Start), _ => Task.CompletedTask, (_, _) => Task.CompletedTask, new Progress<double>(), TestContext.Current.CancellationToken);

    private FleetSimulation Simulation(Scenario scenario) => new(scenario, 1, _platform.Target, NullLoggerFactory.Instance);
}
