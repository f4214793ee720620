using static Seamless.Fleet.Tests.FleetHouse;

namespace Seamless.Fleet.Tests.Audit;

public sealed class AuditTrailTests
{
    [Fact]
    public async Task Everything_recorded_at_once_is_there_when_the_calls_return_and_pages_newest_first()
    {
        await using var house = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i =>
            Task.Run(() => house.Audit.RecordAsync("default", "test", "device.add", $"device:{i}", "127.0.0.1", "ok", null, Ct), Ct)));
        await house.Audit.RecordAsync("other", "test", "device.add", "device:x", null, "ok", null, Ct);

        await using var restarted = await house.AnotherAsync();
        var first = await restarted.Audit.ListAsync("default", null, 150, Ct);
        var rest = await restarted.Audit.ListAsync("default", first[^1].Id, 150, Ct);

        Assert.Equal(200, first.Concat(rest).Select(entry => entry.Subject).Distinct().Count());
        Assert.Equal(first.Concat(rest).Select(entry => entry.Id).OrderDescending(), first.Concat(rest).Select(entry => entry.Id));
    }
}
