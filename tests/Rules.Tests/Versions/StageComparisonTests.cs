using Seamless.Rules.Packs;
using Seamless.Rules.Versions;
using Seamless.Telemetry;

namespace Seamless.Rules.Tests.Versions;

public sealed class StageComparisonTests
{
    // Each fault: who raised it (o in force, n tried out), from–to in minutes; no end while it lasts.
    [Theory]
    [InlineData("o10-20", "old")]
    [InlineData("n10-20", "new")]
    [InlineData("o10-20 n12-25", "both")]             // another limit, the same fault
    [InlineData("o10-20 n29-35", "both")]             // no further apart than what counts as one occurrence
    [InlineData("o10-20 n31-35", "new old")]
    [InlineData("n10- o500-510", "both")]             // lasts meanwhile
    [InlineData("o10-20 o25-30 n40-41", "both")]      // returned within the window, then seen by the other
    [InlineData("o10-20 n12-14 o100-110", "old both")]
    public void What_overlaps_under_one_fault_key_is_one_fault(string seen, string expected)
    {
        var faults = new StageComparison(TimeSpan.FromMinutes(10)).Merge(seen.Split(' ').Select(Fault));
        Assert.Equal(expected, string.Join(" ", faults.Select(f => f.By.ToString().ToLowerInvariant())));
    }

    [Fact]
    public void Devices_and_faults_are_kept_apart_and_counted()
    {
        var faults = new StageComparison(TimeSpan.FromMinutes(10)).Merge(
        [
            Fault("o10-20"), Fault("n11-19"), Fault("n10-20") with { Device = "pump-2" }, Fault("o10-20") with { FaultKey = "device:pump-1:VIB" },
        ]);
        Assert.Equal(new StageCounts(Both: 1, OnlyNew: 1, OnlyOld: 1), StageCounts.Of(faults));
    }

    [Fact]
    public void A_share_of_devices_is_of_that_size_the_same_everywhere_and_grows()
    {
        var devices = Enumerable.Range(0, 10_000).Select(i => new DeviceKey("default", $"pump-{i:00000}")).ToList();
        foreach (var percent in new[] { 1.0, 5, 25, 50 })
        {
            var share = devices.Count(d => new CanaryChoice(null, percent).Includes(d)) / 100.0;
            Assert.InRange(share, percent * 0.75, percent * 1.25);
        }
        Assert.All(devices.Where(d => new CanaryChoice(null, 5).Includes(d)), d => Assert.True(new CanaryChoice(null, 25).Includes(d)));
        Assert.Equal(["pump-00018", "pump-00092", "pump-00135"], devices.Where(d => new CanaryChoice(null, 5).Includes(d)).Take(3).Select(d => d.Device));
    }

    private static StageFault Fault(string text)
    {
        var span = text[1..].Split('-');
        return new StageFault("pump-1", "device:pump-1:OHE", "r", Severity.High, text[0] == 'o' ? RaisedBy.Old : RaisedBy.New, At(span[0]), span[1].Length == 0 ? null : At(span[1]));
    }

    private static DateTimeOffset At(string minutes) => RulesRoom.Noon.AddMinutes(int.Parse(minutes, System.Globalization.CultureInfo.InvariantCulture));
}
