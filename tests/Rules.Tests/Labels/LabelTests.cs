using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Alarms;
using Seamless.Rules.Backtests;
using Seamless.Rules.Labels;
using Seamless.Rules.Packs;

namespace Seamless.Rules.Tests.Labels;

public sealed class LabelTests
{
    private const string Tenant = HotPumps.Tenant;
    private static readonly DateTimeOffset Ever = DateTimeOffset.UnixEpoch;

    [Fact]
    public async Task The_verdict_with_which_an_alarm_is_closed_becomes_one_label_also_after_a_restart()
    {
        var log = new MemoryLog();
        var registry = new MemoryRegistry();
        var folder = Directory.CreateTempSubdirectory("seamless-labels-").FullName;
        string id;
        await using (var room = await RulesRoom.OpenAsync(folder, log, registry))
        {
            var alarm = await HotPumps.AddAsync(room, "pump-1", 96);
            var silent = await HotPumps.AddAsync(room, "pump-2", 97);
            Assert.Empty(await ListAsync(room));
            await HotPumps.CloseAsync(room, alarm, "false", "loose plug");
            await room.Alarms.AcknowledgeAsync(Tenant, silent.Id, "lee", "true", default);   // a note, no verdict
            var label = Assert.Single(await ListAsync(room));
            Assert.Equal(("pump-1", "pump", "bearing-temperature-high", alarm.Id, alarm.OnsetAt), (label.Device, label.Type, label.Rule, label.Alarm, label.Onset));
            Assert.Equal((OutcomeVerdict.False, LabelSource.Engineer, "lee", "loose plug"), (label.Verdict, label.Source, label.Author, label.Note));
            id = label.Id;
        }
        await using (var room = await RulesRoom.OpenAsync(folder, log, registry))
        {
            Assert.Equal(id, Assert.Single(await ListAsync(room)).Id);
            Assert.Empty(await room.Get<ILabels>().ListAsync(new LabelFilter("acme"), default));
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_label_that_is_struck_out_stays_listed_and_takes_its_effect_away()
    {
        await using var room = await RulesRoom.OpenAsync();
        var labels = room.Get<ILabels>();
        var alarm = await HotPumps.AddAsync(room, "pump-1", 96);
        await HotPumps.CloseAsync(room, alarm, "false");
        var label = Assert.Single(await ListAsync(room));
        Assert.Single(await OutcomesAsync(room));

        var struck = await labels.StrikeAsync(Tenant, label.Id, "wang", "it was a fault after all", default);
        Assert.Equal(("wang", RulesRoom.Noon, "it was a fault after all"), (struck.Value!.StruckBy, struck.Value.StruckAt, struck.Value.StruckWhy));
        Assert.Contains("by wang", (await labels.StrikeAsync(Tenant, label.Id, "lee", null, default)).Refusal!.Reason, StringComparison.Ordinal);
        Assert.Equal("not-found", (await labels.StrikeAsync("acme", label.Id, "lee", null, default)).Refusal!.Code);
        Assert.True(Assert.Single(await ListAsync(room)).IsStruck);
        Assert.Empty(await labels.ListAsync(new LabelFilter(Tenant, Struck: false), default));
        Assert.Empty(await labels.StandingAsync(Tenant, Ever, default));
        Assert.Empty(await OutcomesAsync(room));
    }

    [Fact]
    public async Task A_verdict_given_afterwards_stands_in_the_place_of_the_one_before()
    {
        await using var room = await RulesRoom.OpenAsync();
        var labels = room.Get<ILabels>();
        var alarm = await HotPumps.AddAsync(room, "pump-1", 96);
        await HotPumps.CloseAsync(room, alarm, "false");
        var added = await labels.AddAsync(new NewLabel(Tenant, alarm.Id, OutcomeVerdict.True, "bearing-wear", "seen when it was opened"), "wang", default);
        Assert.True(added.Succeeded, added.Refusal?.Reason);

        Assert.Equal([added.Value!.Id], (await labels.ListAsync(new LabelFilter(Tenant, Verdict: OutcomeVerdict.True), default)).Select(l => l.Id));
        Assert.Equal(added.Value.Id, (await labels.StandingAsync(Tenant, Ever, default))[alarm.Id].Id);
        Assert.Equal(OutcomeVerdict.True, Assert.Single(await OutcomesAsync(room)).Verdict);
        var page = await labels.ListAsync(new LabelFilter(Tenant, Limit: 1), default);
        Assert.Equal(OutcomeVerdict.False, Assert.Single(await labels.ListAsync(new LabelFilter(Tenant, After: page[0].Id), default)).Verdict);
        Assert.Contains("knows no cause", (await labels.AddAsync(new NewLabel(Tenant, alarm.Id, OutcomeVerdict.True, "gremlins", null), "wang", default)).Refusal!.Reason, StringComparison.Ordinal);
        Assert.Equal("not-found", (await labels.AddAsync(new NewLabel(Tenant, "al-none", OutcomeVerdict.True, null, null), "wang", default)).Refusal!.Code);
    }

    [Fact]
    public async Task A_closure_counts_more_than_a_look_at_the_screen_and_is_taken_in_once()
    {
        await using var room = await RulesRoom.OpenAsync();
        var alarm = await HotPumps.AddAsync(room, "pump-1", 96);
        await HotPumps.CloseAsync(room, alarm, "false");
        var desk = new Closed(Ticket("T-1", "bearing-wear", RulesRoom.Noon.AddHours(2), alarm.Id, "al-gone"));
        var labels = new LabelBook(room.Get<IDbContextFactory<RulesContext>>(), [desk], room.Get<IPacks>(), room.Clock);

        var standing = Assert.Single(await labels.StandingAsync(Tenant, Ever, default)).Value;
        Assert.Equal((OutcomeVerdict.True, "bearing-wear", LabelSource.Closure, "T-1", "2.4 Wear"), (standing.Verdict, standing.Cause, standing.Source, standing.Ticket, standing.Codes!.Mechanism));
        Assert.Equal([0.8], standing.Predicted.Select(cause => cause.Probability));
        Assert.Equal(2, (await labels.ListAsync(new LabelFilter(Tenant), default)).Count);

        desk.Tickets.Add(Ticket("T-2", "No-Fault-Found", RulesRoom.Noon.AddHours(1.5), alarm.Id));   // closed before, committed after
        var listed = await labels.ListAsync(new LabelFilter(Tenant, Source: LabelSource.Closure), default);
        Assert.Equal([("T-2", OutcomeVerdict.False, (string?)null), ("T-1", OutcomeVerdict.True, "bearing-wear")], listed.Select(l => (l.Ticket!, l.Verdict, l.Cause)));
        Assert.Equal(RulesRoom.Noon.AddHours(1), desk.AskedSince);
    }

    private static ClosedTicket Ticket(string number, string fault, DateTimeOffset closedAt, params string[] alarms) => new(
        Tenant, number, alarms, new ClosureCodes("VIB", "2.4 Wear", "Expected wear and tear"), fault, null, "zhao", closedAt, closedAt, [new PredictedCause("bearing-wear", 0.8)]);

    private static Task<IReadOnlyList<Label>> ListAsync(RulesRoom room) => room.Get<ILabels>().ListAsync(new LabelFilter(Tenant), default);

    private static Task<IReadOnlyList<ConfirmedOutcome>> OutcomesAsync(RulesRoom room) =>
        Assert.Single(Resolve(room)).ListAsync(Tenant, room.Get<IPacks>().Find("pump")!, RulesRoom.Noon, RulesRoom.Noon.AddDays(1), default);

    private static IEnumerable<IConfirmedOutcomes> Resolve(RulesRoom room) => room.Get<IEnumerable<IConfirmedOutcomes>>();

    /// <summary>A service desk with these closed tickets.</summary>
    private sealed class Closed(params IEnumerable<ClosedTicket> tickets) : IClosures
    {
        public List<ClosedTicket> Tickets { get; } = [.. tickets];
        public DateTimeOffset AskedSince { get; private set; }

        public Task<IReadOnlyList<ClosedTicket>> ListAsync(DateTimeOffset since, CancellationToken ct)
        {
            AskedSince = since;
            return Task.FromResult<IReadOnlyList<ClosedTicket>>([.. Tickets.Where(t => t.ClosedAt >= since)]);
        }
    }
}
