using System.Text;
using Seamless.Fleet.Updates;
using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

namespace Seamless.Fleet.Tests.Updates;

public sealed class CampaignTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly CampaignRules Quick = CampaignRules.Default with { Soak = TimeSpan.FromHours(2), MaxInFlight = 500 };

    [Fact]
    public async Task Beats_ask_the_database_only_while_a_campaign_is_open()
    {
        await using var fleet = await VirtualFleet.OpenAsync(20);
        Assert.NotEqual(0, await QueriesOfBeatAsync());   // the first after a start
        Assert.Equal(0, await QueriesOfBeatAsync());

        var campaign = await fleet.StartAsync(Quick);
        Assert.NotEqual(0, await QueriesOfBeatAsync());
        await fleet.PassAsync(campaign.Id, TimeSpan.FromDays(30), Hour);
        await QueriesOfBeatAsync();
        Assert.Equal(0, await QueriesOfBeatAsync());

        async Task<int> QueriesOfBeatAsync()
        {
            var before = fleet.House.Queries.Count;
            await fleet.Updates.AdvanceAsync(fleet.House.Time.GetUtcNow(), FleetHouse.Ct);
            return fleet.House.Queries.Count - before;
        }
    }

    [Fact]
    public async Task A_build_that_fails_on_three_in_ten_touches_at_most_half_a_percent_of_the_fleet()
    {
        await using var fleet = await VirtualFleet.OpenAsync(2000, failingShare: 0.3);
        var campaign = await fleet.StartAsync();
        var ended = await fleet.PassAsync(campaign.Id, TimeSpan.FromDays(30), Hour);

        Assert.Equal(CampaignState.Aborted, ended.State);
        Assert.InRange(fleet.Touched.Count, 3, 10);
        Say($"{fleet.Touched.Count} of 2000 touched: {ended.Waiting}");
        for (var i = 0; i < 48; i++) await fleet.StepAsync(Hour);
        Assert.InRange(fleet.Touched.Count, 3, 10);   // and nobody after it
        Assert.Equal("conflict", (await fleet.Updates.ResumeAsync("default", campaign.Id, "test", FleetHouse.Ct)).Refusal?.Code);
    }

    [Fact]
    public async Task A_build_that_merely_raises_the_alarm_rate_touches_at_most_half_a_percent_of_the_fleet()
    {
        await using var fleet = await VirtualFleet.OpenAsync(2000, alarmFactor: 4);
        var campaign = await fleet.StartAsync();
        var ended = await fleet.PassAsync(campaign.Id, TimeSpan.FromDays(30), Hour);

        Assert.Equal(CampaignState.Aborted, ended.State);
        Assert.StartsWith("alarms:", ended.Waiting, StringComparison.Ordinal);
        Assert.Equal(10, fleet.Touched.Count);
        Say(ended.Waiting!);
    }

    [Fact]
    public async Task A_good_build_reaches_every_device_wave_by_wave_with_half_of_them_away()
    {
        await using var fleet = await VirtualFleet.OpenAsync(200);
        var campaign = await fleet.StartAsync(Quick);
        var ended = await fleet.PassAsync(campaign.Id, TimeSpan.FromDays(30), Hour);

        Assert.Equal((CampaignState.Completed, 200), (ended.State, fleet.Updated.Count));
        Assert.Equal([("canary", 5), ("5%", 5), ("25%", 40), ("50%", 50), ("100%", 100)], ended.Waves.Select(w => (w.Name, w.Succeeded)));
        Assert.Equal([new VersionCount("pump", "2.0.0", 200)], await fleet.Updates.ListVersionsAsync("default", FleetHouse.Ct));
        var order = (await fleet.Updates.ListDevicesAsync("default", campaign.Id, null, 1000, FleetHouse.Ct)).GroupBy(d => d.Wave).OrderBy(g => g.Key).ToList();
        for (var i = 1; i < order.Count; i++) Assert.True(order[i].Min(d => d.OfferedAt) >= order[i - 1].Max(d => d.EndedAt) + Quick.Soak);
        Say($"days: {(fleet.Now - campaign.CreatedAt).TotalDays:0.0}");
    }

    [Fact]
    public async Task The_lab_goes_first_and_every_site_and_version_has_its_share_of_a_wave()
    {
        await using var fleet = await VirtualFleet.OpenAsync(400, shape: (i, device) => i < 3 ? device with { Tags = new Dictionary<string, string> { ["lab"] = "yes" } } : device);
        var campaign = await fleet.StartAsync(Quick);
        var devices = await fleet.Updates.ListDevicesAsync("default", campaign.Id, null, 1000, FleetHouse.Ct);

        Assert.Equal(["p-0000", "p-0001", "p-0002"], devices.Where(d => d.Wave == 0).Select(d => d.Device));
        Assert.Equal("lab", campaign.Waves[0].Name);
        var half = devices.Where(d => d.Wave <= 4).ToList();
        Assert.Equal(200, half.Count);
        Assert.InRange(half.Count(d => d.FromVersion == "1.1.0"), 57, 77);   // a third of the fleet
        for (var site = 0; site < 40; site++) Assert.InRange(half.Count(d => int.Parse(d.Device[2..], System.Globalization.CultureInfo.InvariantCulture) % 40 == site), 3, 7);   // of ten
    }

    [Fact]
    public async Task Never_all_of_a_site_or_two_of_a_redundancy_group_at_once()
    {
        await using var fleet = await VirtualFleet.OpenAsync(8, shape: (i, device) => device with { Site = i < 6 ? "s1" : "s2", RedundancyGroup = i is 6 or 7 ? "pair" : null });
        await fleet.StartAsync(Quick with { Canary = 8, Shares = [1] });
        await fleet.Updates.AdvanceAsync(fleet.Now, FleetHouse.Ct);
        await fleet.Updates.AdvanceAsync(fleet.Now, FleetHouse.Ct);

        var offered = Devices(fleet.House.Transport);
        Assert.Equal(3, offered.Count(d => string.CompareOrdinal(d, "p-0006") < 0));
        Assert.Single(offered, d => d is "p-0006" or "p-0007");
    }

    [Fact]
    public async Task The_partner_of_a_redundancy_group_waits_until_the_first_has_proved_itself()
    {
        await using var fleet = await VirtualFleet.OpenAsync(2, alwaysOnline: true, shape: (_, device) => device with { RedundancyGroup = "pair" });
        var campaign = await fleet.StartAsync(Quick with { Canary = 2, Shares = [1] });
        await fleet.StepAsync(TimeSpan.FromMinutes(10));
        await fleet.StepAsync(TimeSpan.FromMinutes(10));
        await fleet.StepAsync(TimeSpan.FromMinutes(10));
        Assert.Single(fleet.Touched);
        Assert.Contains("redundancy group pair", (await fleet.Updates.FindAsync("default", campaign.Id, FleetHouse.Ct))!.Waiting, StringComparison.Ordinal);
        Assert.Equal(CampaignState.Completed, (await fleet.PassAsync(campaign.Id, TimeSpan.FromDays(1), Hour)).State);
        Assert.Equal(2, fleet.Touched.Count);
    }

    [Fact]
    public async Task At_most_one_change_per_device_at_a_time()
    {
        await using var fleet = await VirtualFleet.OpenAsync(4);
        var (two, three) = (await fleet.PublishAsync(2, "2.0.0"), await fleet.PublishAsync(3, "3.0.0"));
        await fleet.StartAsync(Quick with { Canary = 4, Shares = [1] }, "two", artefact: two);
        await fleet.StartAsync(Quick with { Canary = 4, Shares = [1] }, "three", artefact: three);
        for (var i = 0; i < 5; i++) await fleet.Updates.AdvanceAsync(fleet.Now, FleetHouse.Ct);

        var offered = Devices(fleet.House.Transport);
        Assert.Equal(offered.Distinct().Count(), offered.Count);
    }

    [Fact]
    public async Task The_emergency_stop_stops_offers_and_says_so()
    {
        await using var fleet = await VirtualFleet.OpenAsync(20);
        fleet.Closed = "automation is stopped";
        var campaign = await fleet.StartAsync(Quick);
        Assert.Equal("automation is stopped", (await fleet.PassAsync(campaign.Id, TimeSpan.FromDays(1), Hour)).Waiting);
        Assert.Empty(fleet.Offered);
        fleet.Closed = null;
        Assert.Equal(CampaignState.Completed, (await fleet.PassAsync(campaign.Id, TimeSpan.FromDays(30), Hour)).State);
    }

    [Fact]
    public async Task A_kill_between_writing_an_offer_down_and_sending_it_sends_it_once_and_the_same()
    {
        await using var fleet = await VirtualFleet.OpenAsync(4);
        fleet.House.Transport.IsOpen = false;
        await fleet.StartAsync(Quick with { Canary = 1, Shares = [1] });
        await fleet.Updates.AdvanceAsync(fleet.Now, FleetHouse.Ct);
        await using var after = await fleet.House.AnotherAsync();
        await after.Updates.AdvanceAsync(fleet.Now, FleetHouse.Ct);
        await after.Commands.AdvanceAsync(fleet.Now, FleetHouse.Ct);
        await after.Updates.AdvanceAsync(fleet.Now, FleetHouse.Ct);
        var offered = Devices(after.Transport);
        Assert.Equal(offered.Distinct().Count(), offered.Count);
        Assert.NotEmpty(offered);
    }

    [Fact]
    public async Task An_abort_tells_those_under_way_to_let_go_and_gives_them_no_payload()
    {
        await using var fleet = await VirtualFleet.OpenAsync(4);
        var artefact = await fleet.PublishAsync();
        var campaign = await fleet.StartAsync(Quick with { Canary = 1, Shares = [1] }, artefact: artefact);
        await fleet.Updates.AdvanceAsync(fleet.Now, FleetHouse.Ct);
        var offered = Devices(fleet.House.Transport)[0];
        Assert.NotNull(await fleet.Updates.FindPayloadAsync(Some.Key(offered), artefact.Id, FleetHouse.Ct));
        Assert.Null(await fleet.Updates.FindPayloadAsync(new DeviceKey("other", offered), artefact.Id, FleetHouse.Ct));

        await fleet.Updates.AbortAsync("default", campaign.Id, "ann", FleetHouse.Ct);
        await fleet.Updates.AdvanceAsync(fleet.Now, FleetHouse.Ct);
        Assert.Null(await fleet.Updates.FindPayloadAsync(Some.Key(offered), artefact.Id, FleetHouse.Ct));
        Assert.Contains(fleet.House.Transport.Sent, message => message.Name == UpdateOffer.StopCommand);
        await fleet.ReportAsync(Some.Key(offered), new UpdateReport("1.0.0", 1, UpdatePhase.Stopped, artefact.Id, 1, 100, "stopped", null, 1));
        await fleet.Updates.AdvanceAsync(fleet.Now, FleetHouse.Ct);
        Assert.Contains(await fleet.Updates.ListDevicesAsync("default", campaign.Id, null, 10, FleetHouse.Ct), d => d is { State: DeviceUpdateState.Stopped });
    }

    [Fact]
    public async Task A_wave_of_which_too_many_stay_silent_pauses_and_a_person_may_let_it_pass()
    {
        await using var fleet = await VirtualFleet.OpenAsync(20, alwaysOnline: true);
        fleet.House.Transport.IsOpen = false;
        var campaign = await fleet.StartAsync(Quick with { OfferValid = TimeSpan.FromHours(4), Shares = [0.5, 1] });
        var paused = await fleet.PassAsync(campaign.Id, TimeSpan.FromDays(3), Hour);
        Assert.Equal((CampaignState.Paused, "10 of 10 devices of wave 'canary' did not come for it"), (paused.State, paused.Waiting));
        fleet.House.Transport.IsOpen = true;
        await fleet.Updates.ResumeAsync("default", campaign.Id, "ann", FleetHouse.Ct);
        var ended = await fleet.PassAsync(campaign.Id, TimeSpan.FromDays(3), Hour);
        Assert.Equal((CampaignState.Completed, 10), (ended.State, fleet.Updated.Count));
    }

    [Fact]
    public async Task A_release_that_is_not_signed_by_who_is_trusted_or_not_what_was_signed_is_refused_with_the_reason()
    {
        await using var fleet = await VirtualFleet.OpenAsync(1);
        var payload = "payload"u8.ToArray();
        using var thief = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        Assert.Contains("not signed by 1 of the 1 trusted", await RefusedAsync(fleet.Sign(payload, by: thief), payload), StringComparison.Ordinal);
        Assert.Contains("is not signed;", await RefusedAsync(fleet.Sign(payload) with { Signatures = [] }, payload), StringComparison.Ordinal);
        Assert.Contains("has 6 bytes of the 7", await RefusedAsync(fleet.Sign(payload), payload[..6]), StringComparison.Ordinal);
        Assert.Contains("larger than the 7", await RefusedAsync(fleet.Sign(payload), [.. payload, 1]), StringComparison.Ordinal);
        Assert.Contains("SHA-256 differs", await RefusedAsync(fleet.Sign(payload), Encoding.ASCII.GetBytes("PAYLOAD")), StringComparison.Ordinal);
        await fleet.PublishAsync(5, "5.0.0");
        Assert.Contains("not above 5", await RefusedAsync(fleet.Sign(payload, 4, "6.0.0"), payload), StringComparison.Ordinal);

        async Task<string> RefusedAsync(SignedDocument release, byte[] content) =>
            (await fleet.Updates.PublishAsync("default", release, new MemoryStream(content), "test", FleetHouse.Ct)).Refusal?.Reason ?? "";
    }

    private static List<string> Devices(RecordingTransport transport) =>
    [
        .. transport.Sent.Where(message => message.Name == UpdateOffer.Command).Select(message =>
        {
            var offer = UpdateDocuments.Read(Encoding.UTF8.GetBytes(message.ArgsJson), UpdateJson.Default.UpdateOffer).Value!;
            return UpdateDocuments.Read(offer.Assignment, UpdateAssignment.Type, UpdateJson.Default.UpdateAssignment).Value!.Device;
        }),
    ];

    private static void Say(string what) => TestContext.Current.TestOutputHelper?.WriteLine(what);
}
