using Seamless.Fleet.Limits;
using Seamless.Ingest.Limits;
using Seamless.Telemetry.Rows;

namespace Seamless.Ingest.Tests.Limits;

public sealed class MeterTests
{
    private const long Midnight = 1_764_028_800_000;   // 2025-11-25T00:00:00Z
    private const long DayMs = 86_400_000;
    private static readonly LimitScope Tenant = new("default", null);

    [Fact]
    public void The_fast_lanes_question_allocates_nothing()
    {
        var meter = Of(new LimitSet(new Cap(1_000_000), null, new Cap(1L << 50), new Cap(100)));
        var metrics = Enumerable.Range(0, 5).Select(i => Numbers.Metrics.Of($"meter-test-{i}")).ToArray();
        for (var i = 0; i < 100; i++) meter.TryTake(Midnight + i, 120, metrics);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) meter.TryTake(Midnight + 100 + i, 120, metrics);
        var after = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(0, after - before);
        Assert.Equal(10_100 * 120L, meter.Use(Midnight + 11_000).BytesToday);
    }

    [Fact]
    public void A_day_ends_at_midnight_utc_and_until_then_the_sender_is_told_how_long()
    {
        var meter = Of(new LimitSet(BytesPerDay: new Cap(1000)));
        var evening = Midnight + DayMs - 90_000;
        Assert.Null(meter.Take(evening, 900, true));

        var excess = meter.Take(evening, 200, true);

        Assert.Equal((LimitKind.BytesPerDay, 90L), (excess!.Limit, excess.RetryAfterSeconds));
        Assert.False(meter.TryTake(evening, 200, []));
        Assert.Null(meter.Take(evening, 100, true));   // what fits still fits
        Assert.Null(meter.Take(Midnight + DayMs, 1000, true));
    }

    [Fact]
    public void A_day_goes_on_where_it_was_and_another_day_does_not()
    {
        var meter = Of(new LimitSet(BytesPerDay: new Cap(1000)));
        meter.Restore(Midnight / DayMs, 900);
        Assert.Equal(LimitKind.BytesPerDay, meter.Take(Midnight + 5, 200, true)!.Limit);
        Assert.Null(meter.Take(Midnight + DayMs, 1000, true));
        meter.Restore(Midnight / DayMs, 900);   // over
        Assert.Equal(1000, meter.Use(Midnight + DayMs).BytesToday);
    }

    [Fact]
    public void Counts_of_a_day_are_read_as_they_were_written_and_not_when_damaged()
    {
        var counts = new DayCounts(20_000, [(Tenant, 5), (new LimitScope("default", "pump-1"), 7_000_000_000)]);
        var bytes = counts.Write();
        var read = DayCounts.Read(bytes)!;
        Assert.Equal(counts.Day, read.Day);
        Assert.Equal(counts.Bytes, read.Bytes);
        for (var i = 0; i < bytes.Length; i++)
        {
            Assert.Null(DayCounts.Read(bytes[..i]));
            bytes[i] ^= 1;
            Assert.Null(DayCounts.Read(bytes));
            bytes[i] ^= 1;
        }
    }

    [Fact]
    public void Metrics_that_are_known_go_on_when_there_is_no_room_for_another()
    {
        var meter = Of(new LimitSet(Metrics: new Cap(2)));
        Assert.True(meter.TryTake(Midnight, 10, [Numbers.Metrics.Of("meter-a")]));
        Assert.Null(meter.Admits("meter-b"));

        Assert.False(meter.TryTake(Midnight, 10, [Numbers.Metrics.Of("meter-a"), Numbers.Metrics.Of("meter-c")]));
        Assert.True(meter.IsWatched(Midnight));
        Assert.Equal(LimitKind.Metrics, meter.Admits("meter-never-seen")!.Limit);
        Assert.Equal(-1, Numbers.Metrics.Find("meter-never-seen"u8));
        Assert.True(meter.TryTake(Midnight, 10, [Numbers.Metrics.Of("meter-b"), Numbers.Metrics.Of("meter-a")]));
        Assert.False(meter.IsWatched(Midnight + 3 * 60_000));
    }

    [Fact]
    public void What_the_tenant_refuses_costs_the_device_nothing()
    {
        var tenant = new Meter(Tenant, null);
        tenant.Allow(new LimitSet(new Cap(1), new Cap(1)).Over(LimitSet.Unlimited));
        var device = new Meter(new LimitScope("default", "pump-1"), tenant);
        device.Allow(new LimitSet(new Cap(1), new Cap(2)).Over(LimitSet.Unlimited));
        var other = new Meter(new LimitScope("default", "pump-2"), tenant);

        Assert.True(other.TryTake(Midnight, 10, []));
        Assert.Equal(Tenant, device.Take(Midnight, 10, true)!.Scope);
        tenant.Allow(LimitSet.Unlimited.Over(LimitSet.Unlimited));
        Assert.True(device.TryTake(Midnight, 10, []));
        Assert.True(device.TryTake(Midnight, 10, []));
        Assert.False(device.TryTake(Midnight, 10, []));
    }

    [Fact]
    public async Task Many_threads_together_get_no_more_than_one_would()
    {
        var meter = Of(new LimitSet(new Cap(1), new Cap(5000), new Cap(1_000_000)));
        var taken = 0;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 5000; i++)
                if (meter.TryTake(Midnight, 100, [])) Interlocked.Increment(ref taken);
        }, Door.Ct)));

        Assert.Equal(5000, taken);
        Assert.Equal(500_000, meter.Use(Midnight).BytesToday);
    }

    [Fact]
    public void Refusals_are_counted_for_an_hour_and_one_a_minute_is_kept()
    {
        var refusals = new Refusals();
        var letters = 0;
        for (var second = 0; second < 600; second++)
        {
            refusals.Count(LimitKind.BytesPerDay, Midnight + second * 1000);
            if (refusals.IsLetterDue(LimitKind.BytesPerDay, Midnight + second * 1000, out _)) letters++;
        }
        Assert.Equal((10, 600L), (letters, refusals.LastHour(Midnight + 600_000).BytesPerDay));
        Assert.Equal(0, refusals.LastHour(Midnight + 2 * 3_600_000).Refused);
    }

    private static Meter Of(LimitSet limits)
    {
        var meter = new Meter(new LimitScope("default", "pump-1"), new Meter(Tenant, null));
        meter.Allow(limits.Over(LimitSet.Unlimited));
        return meter;
    }
}
