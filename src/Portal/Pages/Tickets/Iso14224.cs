namespace Seamless.Portal.Pages.Tickets;

/// <summary>The lists offered when a ticket is closed: ISO 14224 failure modes, mechanisms and causes, as far as they concern the shipped equipment.</summary>
internal static class Iso14224
{
    public static readonly string[] Modes =
    [
        "VIB", "OHE", "PDE", "LOO", "HIO", "NOO", "ELU", "INL", "PLU", "FTS", "FTF", "UST", "DOP", "ERO", "AIR", "NOI", "STD", "IHT", "LBP", "FOV", "FOF", "PTF", "BRD", "SER", "OTH", "UNK",
    ];

    public static readonly string[] Mechanisms =
    [
        "1.1 Leakage", "1.2 Vibration", "1.3 Clearance/alignment failure", "1.5 Looseness", "1.6 Sticking", "2.1 Cavitation", "2.2 Corrosion", "2.4 Wear",
        "2.5 Breakage", "2.6 Fatigue", "2.7 Overheating", "3.1 Control failure", "3.3 Faulty signal/indication/alarm", "3.5 Software error", "4.3 No power/voltage",
        "5.1 Blockage/plugged", "5.2 Contamination", "6.1 No cause found", "6.2 Unknown",
    ];

    public static readonly string[] Causes =
    [
        "Design", "Improper material", "Fabrication error", "Installation error", "Off-design service", "Operating error", "Maintenance error", "Expected wear and tear",
        "Documentation error", "Management error", "Unknown",
    ];

    /// <summary>Why a clock may stand still. Missing parts are not among them.</summary>
    public static readonly string[] PauseReasons = ["waiting-customer", "site-closed", "weather"];
}
