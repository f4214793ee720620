using Seamless.Fleet.Registry;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;

namespace Seamless.Rules.Backtests;

/// <summary>Judges stored history by given rules and by those they would replace, and tells the difference.</summary>
/// <param name="outcomes">In the order of the rooms: what a later one says of the same alarm stands.</param>
internal sealed class Backtest(ITimeSeriesStore store, IDeviceRegistry registry, IEnumerable<IConfirmedOutcomes> outcomes)
{
    private const int PageSize = 500;

    /// <param name="against">As the report names it.</param>
    public async Task<Outcome<BacktestReport>> RunAsync(
        EquipmentPack pack, IReadOnlyList<RuleDefinition> rules, IReadOnlyList<RuleDefinition> old, string against, BacktestRequest request,
        IProgress<BacktestProgress>? progress, CancellationToken ct)
    {
        var devices = await DevicesAsync(request, ct);
        var packs = Packs(pack, rules, old);
        var peers = packs.Any(p => p.Peers.Length > 0) ? await PeerSites.FindAsync(registry, pack.Type, devices, ct) : null;
        var judge = new HistoryJudge(store, packs, request.From, request.To, peers);
        var raised = await judge.JudgeAsync(devices, progress, ct);
        if (judge.TooMany) return Refusal.Because($"these rules raise more than {HistoryJudge.MostAlarms:N0} alarms: set them less sharply, or ask for fewer devices or less time");
        var (byNew, byOld) = (new JudgedRules(rules, raised[0]), new JudgedRules(old, raised[^1]));
        var comparison = new Comparison(byNew, byOld);
        var labels = await OutcomesAsync(pack, request, devices, ct);
        return new BacktestReport(
            judge.Samples, devices.Count, comparison.NewAlarms(BacktestReport.MostListed), byNew.Alarms.Count, request.From, request.To,
            comparison.Tell(against, BacktestReport.MostListed), Load.Of(byNew, byOld, request.To - request.From, request.Engineers),
            Scoring.Of(byNew, byOld, labels), await new Plotting(store).OfAsync(request.Tenant, pack, byNew.Alarms, ct));
    }

    /// <summary>What the old rules raise is not judged again where they mean the same as the new.</summary>
    private static CompiledPack[] Packs(EquipmentPack pack, IReadOnlyList<RuleDefinition> rules, IReadOnlyList<RuleDefinition> old)
    {
        var (byNew, byOld) = (Compiled(pack, rules), Compiled(pack, old));
        return Meanings(byNew).SequenceEqual(Meanings(byOld)) ? [byNew] : [byNew, byOld];
    }

    private static CompiledPack Compiled(EquipmentPack pack, IReadOnlyList<RuleDefinition> rules) => new(NeededMetrics.Narrowed(pack with { Rules = rules }));

    private static IEnumerable<string> Meanings(CompiledPack pack) => pack.Rules.Select(rule => rule.Meaning).Order(StringComparer.Ordinal);

    private async Task<IReadOnlyList<DeviceKey>> DevicesAsync(BacktestRequest request, CancellationToken ct)
    {
        if (request.Devices is { } named) return [.. named.Distinct(StringComparer.Ordinal).Select(id => new DeviceKey(request.Tenant, id))];
        var devices = new List<DeviceKey>();
        for (string? after = null; ;)
        {
            var page = await registry.ListAsync(new DeviceFilter(request.Tenant, request.Type, Site: request.Site, After: after, Limit: PageSize), ct);
            devices.AddRange(page.Select(d => d.Key));
            if (page.Count < PageSize) return devices;
            after = page[^1].Id;
        }
    }

    private async Task<IEnumerable<ConfirmedOutcome>> OutcomesAsync(EquipmentPack pack, BacktestRequest request, IReadOnlyList<DeviceKey> devices, CancellationToken ct)
    {
        var all = new List<ConfirmedOutcome>();
        foreach (var source in outcomes) all.AddRange(await source.ListAsync(request.Tenant, pack, request.From, request.To, ct));
        var asked = devices.Select(device => device.Device).ToHashSet(StringComparer.Ordinal);
        return Scoring.Distinct(all).Where(outcome => asked.Contains(outcome.Device));
    }
}
