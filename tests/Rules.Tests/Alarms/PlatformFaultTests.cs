using Seamless.Rules.Alarms;
using Seamless.Rules.Packs;
using Seamless.Storage.Space;

namespace Seamless.Rules.Tests.Alarms;

public sealed class PlatformFaultTests
{
    [Fact]
    public async Task A_disk_that_fills_is_one_alarm_that_grows_and_clears_by_itself()
    {
        await using var room = await RulesRoom.OpenAsync();
        room.Disk.Becomes(DiskState.Low, 1L << 30);
        var low = await UntilAsync(room, alarm => alarm.IsActive);
        Assert.Null(low.Device);

        room.Disk.Becomes(DiskState.Full, 1L << 20);
        var full = await UntilAsync(room, alarm => alarm.Severity is Severity.Critical);
        Assert.Equal(low.Id, full.Id);

        room.Disk.Becomes(DiskState.Ample, 1L << 40);
        var over = await UntilAsync(room, alarm => !alarm.IsActive);
        Assert.Equal(low.Id, over.Id);
    }

    private static async Task<Alarm> UntilAsync(RulesRoom room, Func<Alarm, bool> condition)
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            if (await room.AllAsync() is [var alarm] && condition(alarm)) return alarm;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        Assert.Fail("waited in vain");
        return null!;
    }
}
