using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Seamless.DeviceAgent.Commands;
using Seamless.Machines.Chance;
using Seamless.Machines.Equipment;
using Seamless.Machines.Faults;
using Seamless.Machines.People;
using Seamless.Machines.Rest;
using Seamless.Machines.Scenarios;
using Seamless.Machines.Scoring;

namespace Seamless.Machines.Fleet;

/// <summary>A fleet with known faults that lives against a platform, through its public doors only: MQTT for machines, REST for people.</summary>
/// <remarks>One run per instance. The same scenario and seed give the same machines, faults and readings.</remarks>
public sealed partial class FleetSimulation(Scenario scenario, int seed, FleetTarget target, ILoggerFactory loggers)
{
    private readonly Seed _seed = new Seed((ulong)seed).Split(scenario.Name);
    private World? _world;
    private DateTimeOffset _from;

    /// <summary>The faults so far, and what became of them.</summary>
    public GroundTruth Truth(DateTimeOffset to) => new(scenario.Name, seed, _from, to, [.. _world?.Faults.Where(fault => fault.Onset < to).Select(fault => TrueFault.Of(fault, _world.Sites[fault.Site], to)) ?? []]);

    /// <summary>For <c>demo</c>: real clock, some hours of history first, then accidents until cancelled.</summary>
    /// <param name="speed">How much faster than the demonstration's own pace things go wrong.</param>
    public async Task RunLiveAsync(double speed, CancellationToken ct)
    {
        var time = TimeProvider.System;
        var world = Begin(time, time.GetUtcNow());
        using var platform = new PlatformApi(target.Http, target.ApiKey);
        await using var fleet = new ConnectedFleet(world, target, time, loggers);
        await fleet.ConnectAsync(await Registration.RegisterAsync(scenario, world, platform, ct), scenario.Sampling, LiveHistory, ct);
        var people = new ServicePeople(world, platform, Pace.Demo, loggers.CreateLogger<ServicePeople>());
        var accidents = new Accidents(world, _seed.Split("accidents"), speed);
        await RunUntilCancelledAsync(fleet, people, stop => accidents.StrikeAsync(time, stop), time, ct);
    }

    /// <summary>For <c>simulate --target</c>: the scenario's own faults on the real clock, then the score from the platform's API.</summary>
    public async Task<SimulationReport> RunRealTimeAsync(IProgress<double> progress, CancellationToken ct)
    {
        var time = TimeProvider.System;
        var watch = Stopwatch.StartNew();
        var start = time.GetUtcNow();
        var world = Begin(time, start);
        InjectAll(world, start);
        using var platform = new PlatformApi(target.Http, target.ApiKey);
        await using var fleet = new ConnectedFleet(world, target, time, loggers);
        await fleet.ConnectAsync(await Registration.RegisterAsync(scenario, world, platform, ct), scenario.Sampling, TimeSpan.Zero, ct);
        var people = new ServicePeople(world, platform, Pace.Demo, loggers.CreateLogger<ServicePeople>());
        await RunUntilCancelledAsync(fleet, people, stop => WaitForEndAsync(start, progress, time, stop), time, ct);
        ct.ThrowIfCancellationRequested();
        return await ScoreAsync(platform, people, start + scenario.Duration, fleet.Samples, watch.Elapsed, ct);
    }

    /// <summary>For <c>simulate</c>: the whole platform and the fleet in one process on one simulated clock, step by step.</summary>
    /// <param name="settle">Returns when the platform has worked through what it has been sent.</param>
    /// <param name="beat">The platform's heartbeat at an instant: desk, commands, alarms.</param>
    public async Task<SimulationReport> RunLockstepAsync(
        SimulatedClock clock, Func<CancellationToken, Task> settle, Func<DateTimeOffset, CancellationToken, Task> beat, IProgress<double> progress, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        var start = clock.GetUtcNow();
        var world = Begin(clock, start);
        InjectAll(world, start);
        using var platform = new PlatformApi(target.Http, target.ApiKey);
        await Registration.RegisterAsync(scenario, world, platform, ct, withTokens: false);
        var token = await Registration.GatewayAsync(platform, ct);
        var people = new ServicePeople(world, platform, Pace.Real, loggers.CreateLogger<ServicePeople>());
        await using var fleet = new GatewayFleet(world, target, token, clock, scenario.Sampling, loggers);
        await fleet.ConnectAsync(ct);
        var run = new LockstepRun(scenario, fleet, people, clock, settle, beat);
        await run.RunAsync(start + scenario.Duration, progress, ct);
        var end = start + scenario.Duration;
        var report = await ScoreAsync(platform, people, end, fleet.Samples, watch.Elapsed, ct);
        return report with { Service = Service(world, people, [.. report.Kpis.Values.Where(kpi => kpi.Code is "respondMet" or "arriveMet" or "resolveMet")], end) };
    }

    /// <summary>What the year was like for customers and technicians, and what it would have been without a platform.</summary>
    private ServiceOutcome Service(World world, ServicePeople people, IReadOnlyList<KpiView> promises, DateTimeOffset end)
    {
        var truth = Truth(end);
        var missed = people.Visits.Where(visit => !visit.Final).ToList();
        var again = missed.Where(visit => !people.Visits.Any(later => later.Ticket == visit.Ticket && later.At > visit.At)).ToList();   // the part could not be had: the way back is not in the ledger
        var failed = again.Count(visit => truth.Faults.Any(fault => fault.Id == visit.Fault && fault.FailureAt < visit.At + ServiceOutcome.SecondVisitDelay));
        var downtime = truth.Faults.Sum(fault => fault.Customer.DowntimeMinutes) + failed * ServiceOutcome.SecondVisitDelay.TotalMinutes;
        return new ServiceOutcome(
            people.Visits.Count + again.Count, people.Visits.Count(visit => visit.Fault is null), missed.Count, Math.Round(downtime, 2),
            new ReactiveTwin(world, _seed.Split("twin"), Pace.Real).Play(end), promises)
        {
            Trips = people.Visits,
        };
    }

    private static readonly TimeSpan LiveHistory = TimeSpan.FromHours(6);
    private static readonly TimeSpan PeoplePause = TimeSpan.FromSeconds(3);

    private World Begin(TimeProvider time, DateTimeOffset from)
    {
        _from = from;
        return _world = new World(scenario, _seed, time);
    }

    private void InjectAll(World world, DateTimeOffset start)
    {
        foreach (var fault in RandomFaults.Draw(scenario, _seed.Split("faults")))
        {
            // Codes were checked when the scenario was read.
            world.Inject(fault.Id, FaultKinds.Find(fault.Code)!, fault.Device, fault.Site, start + fault.Onset, fault.TimeToFailure);
        }
    }

    /// <summary>Until cancelled, or until one of them breaks: then the others stop too and the break is thrown.</summary>
    private async Task RunUntilCancelledAsync(ConnectedFleet fleet, ServicePeople people, Func<CancellationToken, Task> script, TimeProvider time, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task[] all = [fleet.RunAsync(stop.Token), PeopleAsync(people, time, stop.Token), script(stop.Token)];
        await foreach (var ended in Task.WhenEach(all)) await stop.CancelAsync();
        foreach (var task in all.Where(task => !task.IsCanceled)) await task;
    }

    private async Task PeopleAsync(ServicePeople people, TimeProvider time, CancellationToken ct)
    {
        var logger = loggers.CreateLogger<FleetSimulation>();
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await people.ActAsync(time.GetUtcNow(), ct);
            }
            catch (HttpRequestException e)
            {
                LogUnreachable(logger, e.Message);
            }
            await Task.Delay(PeoplePause, time, ct);
        }
    }

    private async Task WaitForEndAsync(DateTimeOffset start, IProgress<double> progress, TimeProvider time, CancellationToken ct)
    {
        while (time.GetUtcNow() - start is var gone && gone < scenario.Duration)
        {
            progress.Report(gone / scenario.Duration);
            await Task.Delay(TimeSpan.FromSeconds(1), time, ct);
        }
    }

    private async Task<SimulationReport> ScoreAsync(PlatformApi platform, ServicePeople people, DateTimeOffset to, long samples, TimeSpan elapsed, CancellationToken ct)
    {
        var (alarms, tickets) = (await platform.AlarmsAsync(ct), await platform.TicketsAsync(ct));
        var remedies = await platform.RemediesAsync(ct);
        return new Scorer(
            Truth(to), [.. alarms.Where(alarm => alarm.RaisedAt >= _from)], [.. tickets.Where(ticket => ticket.OpenedAt >= _from)],
            [.. remedies.Where(run => run.StartedAt >= _from)])
        {
            Missed = people.Visits.Where(visit => !visit.Final).Select(visit => visit.Ticket).ToHashSet(),
        }.Score(scenario.Machines.Count, samples, elapsed) with
        {
            Kpis = (await platform.KpisAsync(_from, to.AddMilliseconds(1), ct)).ToDictionary(kpi => kpi.Code),
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "the platform did not answer the service people; they try again: {Reason}")]
    private static partial void LogUnreachable(ILogger logger, string reason);
}
