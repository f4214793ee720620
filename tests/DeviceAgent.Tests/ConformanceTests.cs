using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Seamless.DeviceAgent.Commands;
using Seamless.DeviceAgent.Link;
using Seamless.DeviceAgent.Outbox;
using Seamless.DeviceAgent.Sensing;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;

namespace Seamless.DeviceAgent.Tests;

/// <summary>What the platform may rely on, against a real broker.</summary>
public sealed class ConformanceTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Broker _broker = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Counter _machine = new();

    public async ValueTask InitializeAsync() => await _broker.StartAsync();

    [Fact]
    public async Task Across_an_outage_everything_arrives_in_order_and_once()
    {
        using var outbox = Outbox();
        await using var link = Link();
        using var agent = NewAgent(outbox, link);
        var running = link.RunAsync(_stop.Token);
        for (var i = 0; i < 20; i++) agent.Keep(Some.Measurement(at: i));
        await agent.FlushAsync(_stop.Token);
        await _broker.StopAsync();
        for (var i = 20; i < 1220; i++) agent.Keep(Some.Measurement(at: i));
        await _broker.StartAsync();
        await agent.FlushAsync(_stop.Token);

        var sequences = await _broker.SequencesUntilAsync(so_far => so_far.Count >= 1220);
        Assert.Equal(Enumerable.Range(0, 1220).Select(i => sequences[0] + i), sequences);
        Assert.Equal(0, outbox.Count);
        await StopAsync(running);
    }

    [Fact]
    public async Task After_a_kill_the_next_life_sends_what_was_left()
    {
        using (var outbox = Outbox("first-life"))
        {
            for (var i = 0; i < 10; i++) outbox.Append(Some.Measurement(at: i));
            TemporaryFolder.Copy(_folder["first-life"], _folder["second-life"]);
        }
        using var left = Outbox("second-life");
        await using var link = Link();
        using var agent = NewAgent(left, link);
        var running = link.RunAsync(_stop.Token);
        await agent.FlushAsync(_stop.Token);

        Assert.Equal(10, (await _broker.SequencesUntilAsync(so_far => so_far.Count >= 10)).Count);
        await StopAsync(running);
    }

    [Fact]
    public async Task It_says_that_it_is_online_and_when_it_goes()
    {
        using var outbox = Outbox();
        await using var link = Link();
        using var agent = NewAgent(outbox, link);
        var running = link.RunAsync(_stop.Token);
        var online = await _broker.NextAsync("/state");
        await StopAsync(running);
        var offline = await _broker.NextAsync("/state");

        Assert.Equal(("online", Agent.Version), (online.GetProperty("status").GetString(), online.GetProperty("agent").GetString()));
        Assert.Equal("offline", offline.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_command_that_is_delivered_twice_acts_once_and_is_answered_twice()
    {
        using var outbox = Outbox();
        await using var link = Link();
        using var agent = NewAgent(outbox, link);
        var running = link.RunAsync(_stop.Token);
        await link.WaitUntilConnectedAsync(_stop.Token);
        await _broker.NextAsync("/state");
        for (var i = 0; i < 2; i++) await _broker.SendAsync(Topic.Command(Some.Device, "c1"), """{"name":"self-test","args":{},"expiresAt":9999999999999,"idempotencyKey":"k"}""");

        Assert.Equal("accepted", (await _broker.NextAsync("/result")).GetProperty("status").GetString());
        Assert.Equal("succeeded", (await _broker.NextAsync("/result")).GetProperty("status").GetString());
        Assert.Equal("succeeded", (await _broker.NextAsync("/result")).GetProperty("status").GetString());
        Assert.Equal(1, _machine.Acted);
        await StopAsync(running);
    }

    [Fact]
    public async Task Reporting_by_exception_it_keeps_quiet_until_something_jumps_or_a_command_has_acted()
    {
        using var outbox = Outbox();
        await using var link = Link();
        using var agent = NewAgent(outbox, link, report: new ExceptionReport(TimeSpan.FromHours(1), TimeSpan.FromSeconds(30)));
        var running = link.RunAsync(_stop.Token);
        await link.WaitUntilConnectedAsync(_stop.Token);
        await _broker.NextAsync("/state");
        var now = 0;
        void Measure(int times, double value)
        {
            for (var i = 0; i < times; i++) agent.Keep(Some.Measurement(at: 1000L * (now += 10), value: value + 0.1 * (i % 2)));
        }

        Measure(100, 50);
        var learning = outbox.Count;
        Assert.InRange(learning, 1, 20);
        Measure(1, 80);
        Assert.Equal(learning + 2, outbox.Count);   // the jump, and what was before it
        Measure(100, 80);
        var quiet = outbox.Count;
        await _broker.SendAsync(Topic.Command(Some.Device, "c1"), """{"name":"self-test","args":{},"expiresAt":9999999999999,"idempotencyKey":"k"}""");
        await link.DrainAsync(_stop.Token);
        Measure(10, 80);
        Assert.Equal(quiet + 4, outbox.Count);
        await agent.FlushAsync(_stop.Token);
        var sequences = await _broker.SequencesUntilAsync(so_far => so_far.Count >= quiet + 4);
        Assert.Equal(Enumerable.Range(0, sequences.Count).Select(i => sequences[0] + i), sequences);   // what was not sent is no gap
        await StopAsync(running);
    }

    [Fact]
    public async Task Draining_returns_after_every_waiting_command_has_been_answered()
    {
        using var outbox = Outbox();
        await using var link = Link();
        using var agent = NewAgent(outbox, link);
        var running = link.RunAsync(_stop.Token);
        await link.WaitUntilConnectedAsync(_stop.Token);
        await _broker.NextAsync("/state");
        for (var i = 0; i < 20; i++) await _broker.SendAsync(Topic.Command(Some.Device, $"c{i}"), $$"""{"name":"self-test","args":{},"expiresAt":9999999999999,"idempotencyKey":"k{{i}}"}""");
        await link.DrainAsync(_stop.Token);

        Assert.Equal(20, _machine.Acted);
        await StopAsync(running);
    }

    [Fact]
    public async Task Asked_for_what_is_missing_it_sends_exactly_that_as_it_was_and_says_what_is_gone()
    {
        using var outbox = new DiskOutbox(new DiskOutboxOptions(_folder["outbox"], MaxBytes: 256_000, HistoryBytes: 128_000), TimeProvider.System);
        await using var link = Link();
        using var agent = NewAgent(outbox, link, new BackfillExecutor(Some.Device, outbox, link, _machine), "backfill");
        var running = link.RunAsync(_stop.Token);
        for (var i = 0; i < 1000; i++) agent.Keep(Some.Measurement(at: 1_764_000_000_000 + i, value: i));
        await agent.FlushAsync(_stop.Token);
        var first = (await _broker.SequencesUntilAsync(so_far => so_far.Count >= 1000))[0];
        await _broker.SendAsync(
            Topic.Command(Some.Device, "c1"),
            $$$"""{"name":"backfill","args":{"ranges":[[{{{first - 5}}},{{{first - 3}}}],[{{{first + 10}}},{{{first + 12}}}],[{{{first + 100}}},{{{first + 699}}}]]},"expiresAt":9999999999999,"idempotencyKey":"k"}""");

        var again = await _broker.SequencesUntilAsync(so_far => so_far.Count >= 603);
        Assert.Equal(Enumerable.Range(10, 3).Concat(Enumerable.Range(100, 600)).Select(i => first + i), again);
        JsonElement result;
        while ((result = await _broker.NextAsync("/result")).GetProperty("status").GetString() is "accepted" or "running") { }
        Assert.Equal("succeeded", result.GetProperty("status").GetString());
        Assert.Equal($$"""{"found":603,"gone":[[{{first - 5}},{{first - 3}}]]}""", result.GetProperty("data").GetRawText());
        Assert.Equal(0, _machine.Acted);
        await StopAsync(running);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"ranges":[]}""")]
    [InlineData("""{"ranges":[[2,1]]}""")]
    [InlineData("""{"ranges":[[1.5,2]]}""")]
    [InlineData("""{"ranges":[["1",2]]}""")]
    [InlineData("""{"ranges":[[1,2,3]]}""")]
    [InlineData("""{"ranges":7}""")]
    public async Task A_backfill_that_cannot_be_read_is_rejected_and_tells_how_it_is_written(string args)
    {
        using var outbox = Outbox();
        await using var link = Link();
        var outcome = await new BackfillExecutor(Some.Device, outbox, link, _machine)
            .ExecuteAsync(new CommandMessage("c", "backfill", args, long.MaxValue, "k"), _ => Task.CompletedTask, _stop.Token);

        Assert.Equal(CommandStatus.Rejected, outcome.Status);
        Assert.Contains("[from, to]", outcome.Detail);
    }

    [Fact]
    public async Task The_program_itself_survives_two_kills_and_an_outage_without_losing_or_doubling_a_sample()
    {
        for (var life = 0; life < 2; life++)
        {
            using var process = StartProgram();
            await _broker.SequencesUntilAsync(so_far => so_far.Count >= 3);
            await _broker.StopAsync();
            await Task.Delay(TimeSpan.FromSeconds(0.5), TimeProvider.System, _stop.Token);   // a real process needs real time
            process.Kill();
            await process.WaitForExitAsync(_stop.Token);
            await _broker.StartAsync();
        }
        using var last = StartProgram();
        var sequences = await _broker.SequencesUntilAsync(so_far => so_far.Count >= 8);
        last.Kill();
        var known = sequences.Distinct().ToList();

        Assert.Equal(Enumerable.Range(0, known.Count).Select(i => known[0] + i), known);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
        await _broker.DisposeAsync();
        _folder.Dispose();
    }

    private Process StartProgram() => Process.Start(new ProcessStartInfo(
        Path.Combine(AppContext.BaseDirectory, "seamless-agent"),
        ["--server", _broker.Address.ToString(), "--device", Some.Device.Device, "--interval", "0.1", "--state", _folder["program"]]) { RedirectStandardError = true })!;

    private DiskOutbox Outbox(string name = "outbox") => new(new DiskOutboxOptions(_folder[name]), TimeProvider.System);

    private MqttLink Link() => new(
        new LinkOptions(_broker.Address, Some.Device, null, Agent.Version) { FirstBackoff = TimeSpan.FromMilliseconds(20), LongestBackoff = TimeSpan.FromMilliseconds(100) },
        TimeProvider.System, NullLogger.Instance);

    private Agent NewAgent(DiskOutbox outbox, MqttLink link, ICommandExecutor? executor = null, string allowed = "self-test", ExceptionReport? report = null) => new(
        Some.Device, outbox, link, new CommandDesk(new HashSet<string> { allowed }, executor ?? _machine, new MemoryCommandJournal(), TimeProvider.System, NullLogger.Instance),
        TimeProvider.System, NullLogger.Instance, report: report);

    private async Task StopAsync(Task running)
    {
        await _stop.CancelAsync();
        await running;
    }

    private sealed class Counter : ICommandExecutor
    {
        public int Acted { get; private set; }

        public bool Knows(string name) => true;

        public Task<CommandOutcome> ExecuteAsync(CommandMessage command, Func<int, Task> progress, CancellationToken ct)
        {
            Acted++;
            return Task.FromResult(CommandOutcome.Succeeded("done"));
        }
    }
}
