using Seamless.Rules.Backtests;

namespace Seamless.Rules.Tests.Backtests;

public sealed class ComparisonTests
{
    // Rules as id=symptom. Only new, both, only old.
    [Theory]
    [InlineData("hot=h", "p/hot 10-20", "hot=h", "p/hot 15-30", 0, 1, 0)]                       // they overlap
    [InlineData("hot=h", "p/hot 10-20", "hot=h", "p/hot 21-30", 1, 0, 1)]                       // they do not
    [InlineData("hot=h", "p/hot 10-20", "hot=h", "q/hot 10-20", 1, 0, 1)]                       // another device
    [InlineData("hot=h", "p/hot 10-", "hot=h", "p/hot 50-60", 0, 1, 0)]                         // what lasts overlaps all that comes
    [InlineData("hot=h", "p/hot 10-40", "hot=h", "p/hot 10-12, p/hot 20-22, p/hot 30-32", 0, 1, 0)]   // one in the place of three
    [InlineData("hot=h", "p/hot 10-12, p/hot 30-32, p/hot 60-62", "hot=h", "p/hot 11-40", 1, 2, 0)]
    [InlineData("hot=h", "p/hot 50-60", "hot=h", "p/hot 10-100, p/hot 110-120", 0, 1, 1)]       // the longest one before counts, not the last
    [InlineData("hot=h", "p/hot 10-20", "warm=h", "p/warm 12-22", 0, 1, 0)]                     // renamed: the same symptom
    [InlineData("hot=h", "p/hot 10-20", "warm=w", "p/warm 12-22", 1, 0, 1)]
    [InlineData("c=v d=v", "p/c 10-20", "c=v d=v", "p/d 10-20", 1, 0, 1)]                       // zones of one symptom are not each other
    [InlineData("hot=h", "", "hot=h", "p/hot 1-2", 0, 0, 1)]
    [InlineData("hot=h", "", "hot=h", "", 0, 0, 0)]
    public void Alarms_of_one_rule_that_overlap_on_one_device_are_the_same(
        string newRules, string newAlarms, string oldRules, string oldAlarms, int onlyNew, int both, int onlyOld)
    {
        var told = new Comparison(Judged.Rules(newRules, newAlarms), Judged.Rules(oldRules, oldAlarms)).Tell("in-force", 10);
        Assert.Equal((onlyNew, both, onlyOld), (told.OnlyNew, told.Both, told.OnlyOld));
        Assert.Equal(onlyOld, told.OnlyOldAlarms.Count);
    }

    [Fact]
    public void Every_rule_of_either_side_is_counted_also_one_that_raised_nothing()
    {
        var comparison = new Comparison(Judged.Rules("hot=h silent=s", "p/hot 10-20, p/hot 40-50"), Judged.Rules("hot=h gone=g", "p/hot 12-14, p/gone 1-2, p/gone 3-4"));
        Assert.Equal(
            [new RuleDifference("gone", 2, null, 0, 0, 2), new RuleDifference("hot", 1, 2, 1, 1, 0), new RuleDifference("silent", null, 0, 0, 0, 0)],
            comparison.Tell("in-force", 10).Rules);
        Assert.Equal([true, false], comparison.NewAlarms(10).Select(alarm => alarm.RaisedByOld));
        Assert.Single(comparison.NewAlarms(1));
        Assert.Single(comparison.Tell("in-force", 1).OnlyOldAlarms);
    }

    [Theory]
    [InlineData("", 1, 0, 0, null)]
    [InlineData("p/hot 1-2, p/hot 3-4, q/hot 70-80", 1, 0.125, 2, 0.0)]
    [InlineData("p/hot 1-2, q/hot 70-80, p/hot 90-95", 2, 0.0625, 2, 60.0)]
    [InlineData("p/hot 59.5-61", 1, 1 / 24.0, 1, 60.0)]   // raised a minute after its onset: it is the raise that is answered
    public void Load_is_alarms_an_hour_for_each_engineer(string alarms, double engineers, double rate, int inBusiest, double? busiestMinute)
    {
        var load = Load.Of(Judged.Rules("hot=h", alarms).Alarms, TimeSpan.FromDays(1), engineers);
        Assert.Equal(rate, load.PerEngineerHour, 9);
        Assert.Equal((inBusiest, busiestMinute is { } minute ? Judged.At(minute) : null), (load.InBusiestHour, load.BusiestHour));
    }
}
