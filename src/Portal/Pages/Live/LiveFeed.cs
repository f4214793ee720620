using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Registry;
using Seamless.Portal.Pages.Assets;
using Seamless.Rules.Alarms;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Live;

/// <summary>One message of the feed that every open page follows.</summary>
/// <param name="Build">The version of the assets: a page of another version reloads itself.</param>
/// <param name="LastData">When the newest data of the tenant came in, Unix ms.</param>
/// <param name="Counts">Open alarms of priority 1 to 4.</param>
/// <param name="Topics">What has changed since the message before: <c>alarms</c>, <c>tickets</c>, <c>commands</c>, <c>fleet</c>. The page fetches those regions again.</param>
public sealed record Beat(string Build, long At, long? LastData, int[] Counts, string[] Topics);

/// <summary>Tells open pages what has changed. It says that, not what: the page asks the server for its regions again, so nothing is rendered twice in two languages.</summary>
public sealed class LiveFeed : IDisposable
{
    private static readonly TimeSpan FleetEvery = TimeSpan.FromSeconds(5);
    private readonly IAlarms _alarms;
    private readonly ITickets _tickets;
    private readonly IDeviceRegistry _registry;
    private readonly ICommands _commands;
    private readonly IMaintenance _maintenance;
    private readonly Overview _overview;
    private readonly EmbeddedAssets _assets;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _beat;
    private long _alarmsVersion, _ticketsVersion, _commandsVersion, _fleetVersion;

    public LiveFeed(
        IAlarms alarms, IMaintenance maintenance, ITickets tickets, IDeviceRegistry registry, ICommands commands, Overview overview, EmbeddedAssets assets, IOptions<PagesOptions> options, TimeProvider clock)
    {
        (_alarms, _tickets, _registry, _commands, _overview, _assets, _clock, _beat) = (alarms, tickets, registry, commands, overview, assets, clock, options.Value.Beat);
        _maintenance = maintenance;
        _alarms.Changed += OnAlarms;
        _maintenance.Changed += OnAlarms;
        _tickets.Changed += OnTickets;
        _registry.Changed += OnFleet;
        _commands.Changed += OnCommands;
    }

    public void Dispose()
    {
        _alarms.Changed -= OnAlarms;
        _maintenance.Changed -= OnAlarms;
        _tickets.Changed -= OnTickets;
        _registry.Changed -= OnFleet;
        _commands.Changed -= OnCommands;
    }

    /// <summary>Beats until the page goes or the platform stops.</summary>
    public async IAsyncEnumerable<SseItem<Beat>> FollowAsync(string tenant, [EnumeratorCancellation] CancellationToken ct)
    {
        var seen = Versions();
        var fleetAt = _clock.GetUtcNow();
        while (!ct.IsCancellationRequested)
        {
            var now = _clock.GetUtcNow();
            var versions = Versions();
            var topics = new List<string>(4);
            if (versions.Alarms != seen.Alarms) topics.Add("alarms");
            if (versions.Tickets != seen.Tickets) topics.Add("tickets");
            if (versions.Commands != seen.Commands) topics.Add("commands");
            // Ages and presence move without an event: the fleet is fetched again now and then.
            if (versions.Fleet != seen.Fleet || versions.Alarms != seen.Alarms || now - fleetAt >= FleetEvery)
            {
                topics.Add("fleet");
                fleetAt = now;
            }
            seen = versions;
            var fleet = await _overview.OfAsync(tenant, ct);
            int[] counts = [fleet.Count(Severity.Critical), fleet.Count(Severity.High), fleet.Count(Severity.Medium), fleet.Count(Severity.Low)];
            yield return new SseItem<Beat>(new Beat(_assets.Version, now.ToUnixTimeMilliseconds(), fleet.LastData?.ToUnixTimeMilliseconds(), counts, [.. topics]), "beat");
            await Task.Delay(_beat, _clock, ct);
        }
    }

    private (long Alarms, long Tickets, long Commands, long Fleet) Versions() =>
        (Interlocked.Read(ref _alarmsVersion), Interlocked.Read(ref _ticketsVersion), Interlocked.Read(ref _commandsVersion), Interlocked.Read(ref _fleetVersion));

    private void OnAlarms() => Interlocked.Increment(ref _alarmsVersion);
    private void OnTickets() => Interlocked.Increment(ref _ticketsVersion);
    private void OnCommands(Command _) => Interlocked.Increment(ref _commandsVersion);
    private void OnFleet(DeviceKey _) => Interlocked.Increment(ref _fleetVersion);
}
