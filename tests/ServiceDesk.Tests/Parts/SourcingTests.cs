using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Parts;

namespace Seamless.ServiceDesk.Tests.Parts;

public sealed class SourcingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_cheapest_that_is_in_time_wins() =>
        Assert.Equal("near", Sourcing.Choose([At("near", 50, 5, 1), At("far", 500, 5, 1)], Noon.AddHours(20), Noon.AddHours(20), 200)!.Candidate.Depot.Id);

    [Fact]
    public void The_last_piece_of_a_forward_depot_is_spared_when_a_full_shelf_is_in_time_too() =>
        Assert.Equal("centre", Sourcing.Choose([At("near", 50, 1, 1), At("centre", 400, 6, 1)], Noon.AddHours(20), Noon.AddHours(20), 200)!.Candidate.Depot.Id);

    [Fact]
    public void A_depot_that_is_too_late_loses_however_cheap() =>
        Assert.Equal("near", Sourcing.Choose([At("near", 50, 1, 1), At("centre", 400, 6, 1)], Noon.AddHours(3), Noon.AddHours(3), 200)!.Candidate.Depot.Id);

    [Fact]
    public void When_none_is_in_time_the_soonest_goes_and_is_marked_late()
    {
        var source = Sourcing.Choose([At("far", 500, 1, 1), At("farther", 590, 9, 1)], Noon.AddHours(1), Noon.AddHours(1), 200)!;
        Assert.Equal(("far", false), (source.Candidate.Depot.Id, source.InTime));
    }

    [Fact]
    public void A_cheaper_source_does_not_break_the_promise_to_be_there() =>
        Assert.Equal("near", Sourcing.Choose([At("near", 50, 1, 1), At("centre", 400, 6, 1)], Noon.AddHours(2), Noon.AddHours(23), 200)!.Candidate.Depot.Id);

    [Fact]
    public void Where_the_promise_to_be_there_cannot_be_kept_the_cheapest_that_keeps_the_repair_goes() =>
        Assert.Equal(("centre", true), Sourcing.Choose([At("far", 300, 1, 1), At("centre", 400, 6, 1)], Noon.AddHours(2), Noon.AddHours(23), 200) is { } s ? (s.Candidate.Depot.Id, s.InTime) : default);

    [Fact]
    public void At_night_somebody_on_call_brings_it_and_by_day_the_cheaper_one()
    {
        var couriers = ScheduledCourier.BuiltIns.Select(c => new ScheduledCourier(c.Key, c.Value)).ToList();
        SourceCandidate[] At(DateTimeOffset now) => [.. couriers.Select(c => c.Quote(Depot("near"), 20, now)).OfType<CarrierQuote>().Select(quote => new SourceCandidate(Depot("near"), 20, 3, 1, quote))];
        string? By(DateTimeOffset now) => Sourcing.Choose(At(now), now.AddHours(2), now.AddHours(23), 200)?.Candidate.Quote.Carrier;
        Assert.Equal((ScheduledCourier.BuiltIn, ScheduledCourier.OnCall), (By(Noon), By(Noon.AddHours(14))));
    }

    [Fact]
    public void Nobody_has_one() => Assert.Null(Sourcing.Choose([At("near", 50, 0, 1)], Noon.AddHours(20), Noon.AddHours(20), 200));

    [Theory]
    [InlineData("2026-03-02T12:00Z", "2026-03-02T12:30Z")]
    [InlineData("2026-03-02T21:45Z", "2026-03-03T06:00Z")]
    [InlineData("2026-03-03T02:00Z", "2026-03-03T06:00Z")]
    public void The_courier_keeps_its_hours(string ready, string pickUp) =>
        Assert.Equal(Parse(pickUp), new ScheduledCourier().Quote(Depot("d"), 65, Parse(ready))?.PickUpAt);

    private static SourceCandidate At(string id, double km, int onHand, double mean) =>
        new(Depot(id), km, onHand, mean, new ScheduledCourier().Quote(Depot(id), km, Noon)!);

    private static Depot Depot(string id) => new("default", id, id, DepotTier.Regional, new GeoPoint(0, 0), "Etc/UTC", null);
    private static DateTimeOffset Parse(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
