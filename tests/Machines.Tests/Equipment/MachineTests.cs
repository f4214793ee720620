using System.Text;
using Seamless.DeviceAgent.Commands;
using Seamless.Machines.Faults;
using Seamless.Telemetry.Commands;

namespace Seamless.Machines.Tests.Equipment;

public sealed class MachineTests
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData("pump-01", "bearingTemperature", 45, 65)]
    [InlineData("pump-01", "windingTemperature", 60, 90)]
    [InlineData("pump-01", "vibration", 1.0, 2.8)]
    [InlineData("pump-01", "motorCurrent", 24, 32)]
    [InlineData("pump-01", "dischargePressure", 5.5, 6.5)]
    [InlineData("pump-01", "suctionPressure", 0.8, 1.3)]
    [InlineData("pump-01", "flow", 75, 95)]
    [InlineData("pump-01", "supplyVoltage", 390, 410)]
    [InlineData("server-01", "cpuTemperature", 40, 75)]
    [InlineData("server-01", "inletTemperature", 18, 27)]
    [InlineData("server-01", "memoryUsed", 30, 70)]
    [InlineData("server-01", "fanSpeed", 3500, 8000)]
    [InlineData("server-01", "diskLatency", 0.1, 8)]
    [InlineData("server-01", "networkLoss", 0, 1)]
    [InlineData("server-01", "supplyVoltage", 220, 240)]
    [InlineData("server-01", "psuRipple", 20, 70)]
    [InlineData("tv-01", "panelTemperature", 33, 52)]
    [InlineData("tv-01", "backlightCurrent", 450, 530)]
    [InlineData("tv-01", "wifiRssi", -65, -42)]
    [InlineData("tv-01", "bufferUnderruns", 0, 1)]
    [InlineData("tv-01", "frameDropRate", 0, 1.5)]
    public void A_healthy_machine_stays_in_its_normal_range_but_for_rare_spikes(string device, string metric, double low, double high)
    {
        var values = new Run().Series(device, metric, TimeSpan.Zero, Week);

        var outside = values.Count(value => value < low || value > high);
        Assert.True(outside <= 5, $"{outside} of {values.Count} outside; lowest {values.Min()}, highest {values.Max()}");
    }

    // The metric, and the value it must have passed when the fault has become a failure.
    [Theory]
    [InlineData("bearing-wear", "pump-01", "vibration", 7.1, true)]
    [InlineData("bearing-wear", "pump-01", "bearingTemperature", 90, true)]
    [InlineData("seal-leak", "pump-01", "dischargePressure", 4.0, false)]
    [InlineData("seal-leak", "pump-01", "flow", 60, false)]
    [InlineData("winding-degradation", "pump-01", "windingTemperature", 130, true)]
    [InlineData("winding-degradation", "pump-01", "motorCurrent", 38, true)]
    [InlineData("strainer-clogged", "pump-01", "suctionPressure", 0.4, false)]
    [InlineData("strainer-clogged", "pump-01", "flow", 60, false)]
    [InlineData("service-hang", "server-01", "serviceUp", 0.5, false)]
    [InlineData("memory-leak", "server-01", "memoryUsed", 92, true)]
    [InlineData("fan-failure", "server-01", "fanSpeed", 1500, false)]
    [InlineData("fan-failure", "server-01", "cpuTemperature", 85, true)]
    [InlineData("disk-wear", "server-01", "diskReallocatedSectors", 100, true)]
    [InlineData("disk-wear", "server-01", "diskLatency", 40, true)]
    [InlineData("psu-degradation", "server-01", "psuRipple", 120, true)]
    [InlineData("cooling-failure", "server-01", "inletTemperature", 35, true)]
    [InlineData("network-loss", "server-01", "networkLoss", 5, true)]
    [InlineData("app-crash-loop", "tv-01", "appCrashes", 5, true)]
    [InlineData("firmware-bug", "tv-01", "frameDropRate", 8, true)]
    [InlineData("wifi-interference", "tv-01", "wifiRssi", -75, false)]
    [InlineData("wifi-interference", "tv-01", "bufferUnderruns", 5, true)]
    [InlineData("backlight-degradation", "tv-01", "backlightCurrent", 300, false)]
    [InlineData("mainboard-overheating", "tv-01", "panelTemperature", 70, true)]
    [InlineData("supply-undervoltage", "pump-01", "supplyVoltage", 360, false)]
    [InlineData("supply-undervoltage", "server-01", "supplyVoltage", 207, false)]
    [InlineData("supply-undervoltage", "tv-01", "supplyVoltage", 207, false)]
    public void A_fault_shows_by_the_time_it_is_a_failure(string code, string device, string metric, double limit, bool above)
    {
        var run = new Run();
        run.Inject(code, device, Hour, 10 * Hour);
        var before = Run.Median(run.Series(device, metric, TimeSpan.Zero, Hour));
        var after = Run.Median(run.Series(device, metric, 10.5 * Hour, 10.9 * Hour));

        Assert.True(above ? before < limit && after > limit : before > limit && after < limit, $"before {before}, after {after}");
    }

    [Fact]
    public void Wear_gives_notice_a_tenth_of_the_way_before_the_failure_at_the_latest()
    {
        var run = new Run();
        run.Inject("bearing-wear", "pump-01", TimeSpan.Zero, 20 * Hour);

        Assert.True(Run.Median(run.Series("pump-01", "vibration", 17 * Hour, 18 * Hour)) > 7.1);
    }

    [Fact]
    public void The_same_seed_gives_the_same_readings_and_another_seed_others()
    {
        Assert.Equal(Fingerprint(new Run(seed: 7)), Fingerprint(new Run(seed: 7)));
        Assert.NotEqual(Fingerprint(new Run(seed: 7)), Fingerprint(new Run(seed: 8)));
    }

    [Fact]
    public void Another_machine_in_the_fleet_changes_nothing_for_the_others() =>
        Assert.Equal(Fingerprint(new Run()), Fingerprint(new Run(7, "pump-03", "pump-04")));

    [Fact]
    public void A_brown_out_strikes_every_machine_of_its_site_and_none_elsewhere_and_ends_by_itself()
    {
        var run = new Run();
        run.Inject("supply-undervoltage", "pump-01", Hour, Hour);
        double Share(string device, double nominal, TimeSpan at) => run.At(device, Run.Start + at)["supplyVoltage"] / nominal;

        Assert.All([Share("pump-01", 400, 1.5 * Hour), Share("server-01", 230, 1.5 * Hour), Share("tv-01", 230, 1.5 * Hour)], share => Assert.InRange(share, 0.75, 0.88));
        Assert.InRange(Share("pump-02", 400, 1.5 * Hour), 0.97, 1.03);
        Assert.InRange(Share("server-01", 230, 3 * Hour), 0.97, 1.03);
    }

    [Fact]
    public async Task The_right_command_ends_the_fault()
    {
        var run = new Run();
        var fault = run.Inject("service-hang", "server-01", Hour, Hour);
        run.Clock.AdvanceTo(Run.Start + 2 * Hour);
        var outcome = await ExecuteAsync(run, "server-01", "restart-service");

        Assert.Equal(CommandStatus.Succeeded, outcome.Status);
        Assert.Equal(("command", Run.Start + 2 * Hour), (fault.EndedBy, fault.EndedAt));
        Assert.Equal(1, run.At("server-01", Run.Start + 2 * Hour + TimeSpan.FromSeconds(10))["serviceUp"]);
    }

    [Fact]
    public async Task A_wrong_command_does_nothing_to_the_fault()
    {
        var run = new Run();
        var fault = run.Inject("wifi-interference", "tv-01", Hour, Hour);
        run.Clock.AdvanceTo(Run.Start + 2 * Hour);
        await ExecuteAsync(run, "tv-01", "clear-app-cache");

        Assert.True(fault.IsActive(Run.Start + 3 * Hour));
        Assert.False(run.World.Machines["tv-01"].Knows("restart-service"));
    }

    [Fact]
    public void The_right_part_heals_and_a_wrong_one_does_not()
    {
        var run = new Run();
        var fault = run.Inject("bearing-wear", "pump-01", TimeSpan.Zero, 20 * Hour);
        var pump = run.World.Machines["pump-01"];
        pump.Replace("PMP-SEAL-45", "S-1", Run.Start + 19 * Hour);
        Assert.True(fault.IsActive(Run.Start + 19.1 * Hour));
        pump.Replace("PMP-BRG-6309", "S-2", Run.Start + 19 * Hour);

        Assert.False(fault.IsActive(Run.Start + 19.1 * Hour));
        Assert.True(Run.Median(run.Series("pump-01", "vibration", 19 * Hour, 20 * Hour)) < 2.8);
        Assert.Equal("S-2", pump.Replace("PMP-BRG-6309", "S-3", Run.Start + 21 * Hour));
    }

    [Fact]
    public void A_new_disk_has_no_worn_sectors()
    {
        var run = new Run();
        run.Inject("disk-wear", "server-01", TimeSpan.Zero, 20 * Hour);
        Assert.True(run.At("server-01", Run.Start + 19 * Hour)["diskReallocatedSectors"] > 50);
        run.World.Machines["server-01"].Replace("SRV-SSD-1T92", "S-1", Run.Start + 19 * Hour);

        Assert.Equal(0, run.At("server-01", Run.Start + 19.5 * Hour)["diskReallocatedSectors"]);
    }

    [Fact]
    public void Every_fault_is_known_to_exactly_the_machines_it_strikes()
    {
        Assert.All(FaultKinds.All, kind => Assert.All(kind.Types, type => Assert.Contains(type, (string[])["pump", "server", "tv"])));
        Assert.All(FaultKinds.All.Where(kind => kind.Part is not null), kind => Assert.Equal(FaultClass.HW, kind.Class));
        Assert.All(FaultKinds.All.Where(kind => kind.Fix is not null), kind => Assert.True(new Run().World.Machines[$"{kind.Types[0]}-01"].Knows(kind.Fix!)));
    }

    private static Task<CommandOutcome> ExecuteAsync(Run run, string device, string command) =>
        run.World.Machines[device].ExecuteAsync(new CommandMessage("c", command, "{}", long.MaxValue, "k"), _ => Task.CompletedTask, TestContext.Current.CancellationToken);

    private static string Fingerprint(Run run)
    {
        var text = new StringBuilder();
        foreach (var device in (string[])["pump-01", "server-01", "tv-01", "pump-02"])
        {
            for (var i = 0; i < 60; i++) text.AppendJoin(' ', run.At(device, Run.Start + TimeSpan.FromMinutes(2 * i)).Values);
        }
        return text.ToString();
    }
}
