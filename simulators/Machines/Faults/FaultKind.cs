namespace Seamless.Machines.Faults;

/// <summary>HW the machine · SW its software · NET the network · ENV what surrounds it.</summary>
public enum FaultClass { HW, SW, NET, ENV }

/// <summary>How a fault grows. Step: there at once. Ramp: in proportion to time. Wear: exponential, slow at first. Spell: there at once and gone by itself.</summary>
public enum Growth { Step, Ramp, Wear, Spell }

/// <summary>One way in which a machine of a type can fail, and what is true about it.</summary>
/// <param name="Code">As in the type's pack.</param>
/// <param name="Types">Equipment types it strikes; a site-wide fault strikes all machines of the site.</param>
/// <param name="Part">The spare part that mends it, if one does.</param>
/// <param name="Fix">The remote command that mends it, if one does.</param>
/// <param name="Mode">ISO 14224 failure mode, as the technician writes it.</param>
/// <param name="Shortest">Onset to functional failure at its fastest; of a spell, its length.</param>
/// <param name="Weight">How often it is drawn, relative to the others.</param>
public sealed record FaultKind(
    string Code, IReadOnlyList<string> Types, FaultClass Class, Growth Growth, string? Part, string? Fix,
    string Mode, string Mechanism, string Cause, TimeSpan Shortest, TimeSpan Longest, double Weight)
{
    public bool SiteWide => Growth is Growth.Spell;
    public bool RemotelyFixable => Fix is not null;

    /// <summary>No pack knows it.</summary>
    public bool IsUnmodelled => FaultKinds.Unmodelled.Contains(this);

    /// <summary>It gives notice: there is time between its first sign and the failure.</summary>
    public bool IsProgressive => Growth is Growth.Ramp or Growth.Wear;
}

/// <summary>Every fault that the simulated machines know.</summary>
public static class FaultKinds
{
    private const string WearAndTear = "Expected wear and tear";
    private const string SoftwareError = "3.5 Software error";
    private const string Design = "Improper design";
    private const string OffDesign = "Off-design service";

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new("bearing-wear", ["pump"], FaultClass.HW, Growth.Wear, "PMP-BRG-6309", null, "VIB", "2.4 Wear", WearAndTear, Hours(24), Hours(72), 2),
        new("seal-leak", ["pump"], FaultClass.HW, Growth.Wear, "PMP-SEAL-45", null, "ELP", "1.1 Leakage", WearAndTear, Hours(16), Hours(48), 2),
        new("winding-degradation", ["pump"], FaultClass.HW, Growth.Wear, "PMP-MOT-15KW", null, "OHE", "4.1 Short circuiting", WearAndTear, Hours(24), Hours(72), 1),
        new("strainer-clogged", ["pump"], FaultClass.HW, Growth.Ramp, null, "backflush-strainer", "PLU", "5.1 Blockage/plugged", OffDesign, Hours(4), Hours(10), 7),
        new("service-hang", ["server"], FaultClass.SW, Growth.Step, null, "restart-service", "FTF", SoftwareError, Design, Hours(1), Hours(1), 7),
        new("memory-leak", ["server"], FaultClass.SW, Growth.Ramp, null, "restart-service", "ERO", SoftwareError, Design, Hours(4), Hours(14), 5),
        new("fan-failure", ["server"], FaultClass.HW, Growth.Wear, "SRV-FAN-60", null, "OHE", "2.4 Wear", WearAndTear, Hours(12), Hours(48), 2),
        new("disk-wear", ["server"], FaultClass.HW, Growth.Wear, "SRV-SSD-1T92", null, "PDE", "2.4 Wear", WearAndTear, Hours(24), Hours(72), 2),
        new("psu-degradation", ["server"], FaultClass.HW, Growth.Wear, "SRV-PSU-800", null, "LOO", "4.5 Earth/isolation fault", WearAndTear, Hours(24), Hours(72), 1),
        new("cooling-failure", ["server"], FaultClass.ENV, Growth.Spell, null, null, "OHE", "6.3 Miscellaneous external influences", "Off-design service", Hours(1), Hours(3), 2),
        new("network-loss", ["server"], FaultClass.NET, Growth.Spell, null, null, "ERO", "6.3 Miscellaneous external influences", OffDesign, Minutes(40), Minutes(100), 2),
        new("app-crash-loop", ["tv"], FaultClass.SW, Growth.Step, null, "clear-app-cache", "SPS", SoftwareError, Design, Hours(1), Hours(1), 6),
        new("firmware-bug", ["tv"], FaultClass.SW, Growth.Ramp, null, "update-firmware", "ERO", SoftwareError, Design, Hours(3), Hours(10), 5),
        new("wifi-interference", ["tv"], FaultClass.NET, Growth.Step, null, "switch-wifi-channel", "ERO", "6.3 Miscellaneous external influences", OffDesign, Hours(1), Hours(1), 5),
        new("backlight-degradation", ["tv"], FaultClass.HW, Growth.Wear, "TV-BLT-55", null, "LOO", "2.4 Wear", WearAndTear, Hours(24), Hours(72), 1),
        new("mainboard-overheating", ["tv"], FaultClass.HW, Growth.Wear, "TV-MB-11", null, "OHE", "2.7 Overheating", WearAndTear, Hours(16), Hours(48), 1),
        new("supply-undervoltage", ["pump", "server", "tv"], FaultClass.ENV, Growth.Spell, null, null, "PDE", "6.3 Miscellaneous external influences", OffDesign, Minutes(30), Minutes(90), 3),
    ];

    /// <summary>Faults that stand in no pack, because nobody who wrote the packs had met them: what a platform does about what it was not taught.</summary>
    public static IReadOnlyList<FaultKind> Unmodelled { get; } =
    [
        new("coupling-misalignment", ["pump"], FaultClass.HW, Growth.Wear, "PMP-CPL-45", null, "VIB", "1.3 Alignment failure", "Improper installation", Hours(30), Hours(90), 1),
        new("impeller-erosion", ["pump"], FaultClass.HW, Growth.Wear, "PMP-IMP-210", null, "LOO", "2.3 Erosion", OffDesign, Hours(48), Hours(120), 1),
        new("runaway-process", ["server"], FaultClass.SW, Growth.Ramp, null, null, "ERO", SoftwareError, Design, Hours(6), Hours(20), 1),
        new("heatsink-dust", ["server"], FaultClass.ENV, Growth.Wear, null, null, "OHE", "5.2 Contamination", OffDesign, Hours(48), Hours(120), 1),
        new("panel-driver-fault", ["tv"], FaultClass.HW, Growth.Wear, "TV-TCON-55", null, "ERO", "4.0 Electrical failure - general", WearAndTear, Hours(24), Hours(72), 1),
    ];

    public static FaultKind? Find(string code) => All.Concat(Unmodelled).FirstOrDefault(kind => kind.Code == code);

    private static TimeSpan Hours(double hours) => TimeSpan.FromHours(hours);
    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);
}
