using Seamless.Machines.Rest;
using Seamless.Machines.Scoring;

namespace Seamless.Machines.Tests.Scoring;

public sealed class AlarmLoadTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_another_alarm_explains_is_nobodys_work()
    {
        var load = AlarmLoad.Of([At(10, "High"), At(20, "Low"), At(30, "High", parent: "al-1")], Midnight, Midnight.AddHours(4));
        Assert.Equal(new AlarmLoad(2, 1, 0.5, 1, 0, 1), load);
    }

    [Fact]
    public void Ten_in_ten_minutes_are_many_and_eleven_a_flood()
    {
        var ten = Enumerable.Range(0, 10).Select(i => At(60 + i * 0.5, "Low")).ToList();
        Assert.Equal((10, 0.0), (Of(ten).PeakTenMinutes, Of(ten).FloodShare));
        ten.Add(At(69.9, "Low"));
        Assert.Equal((11, Math.Round(1 / 24.0, 6)), (Of(ten).PeakTenMinutes, Of(ten).FloodShare));

        static AlarmLoad Of(List<AlarmView> alarms) => AlarmLoad.Of(alarms, Midnight, Midnight.AddHours(4));
    }

    private static AlarmView At(double minutes, string severity, string? parent = null) =>
        new("al", "pump-1", "s1", severity, "unacknowledged", true, Midnight.AddMinutes(minutes), Midnight.AddMinutes(minutes), null, [], parent);
}
