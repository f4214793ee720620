namespace Seamless.ServiceDesk.Parts.Custody;

/// <summary>Counts units twice: by where they stand, and by where the last of their moves led.</summary>
internal static class Balance
{
    public static UnitBalance Of(string sku, IReadOnlyList<UnitRow> units, ILookup<string, UnitMoveRow> moves)
    {
        var count = units.CountBy(u => KindOf(u.Place, u.State)).ToDictionary(c => c.Key, c => c.Value);
        var entered = units.Count(u => moves[u.Serial].FirstOrDefault() is { From: { } from } && !IsPlace(from));
        var agrees = units.All(u => moves[u.Serial].LastOrDefault()?.To == u.Place);
        int N(string kind) => count.GetValueOrDefault(kind);
        var balance = new UnitBalance(sku, entered, N("depot"), N("transit"), N("site"), N("technician"), N("device"), N("repair"), N("scrap"), N("lost"), false);
        return balance with { Conserved = agrees && entered == balance.InStock + balance.InTransit + balance.AtSite + balance.Held + balance.Installed + balance.InRepair + balance.Scrapped + balance.Lost };
    }

    /// <summary>In repair is in repair, also in the depot's own workshop.</summary>
    private static string KindOf(string place, UnitState state) => state is UnitState.InRepair ? "repair" : place.Split(':')[0];

    /// <summary>Where units come from is none of our places.</summary>
    private static bool IsPlace(string from) => from.Contains(':', StringComparison.Ordinal) || from is "lost" or "scrap";
}
