namespace Seamless.ServiceDesk.Parts.Custody;

/// <summary>What a person may do with a unit, by where it is. What tickets, shipments, orders, returns and repairs do with it, they do themselves.</summary>
internal static class UnitLife
{
    public const string Move = "move", Install = "install", Remove = "remove", Return = "return", Scrap = "scrap", HandOver = "hand-over", Repair = "repair";

    private static readonly Dictionary<string, UnitState[]> From = new()
    {
        [Move] = [UnitState.InStock],
        [Install] = [UnitState.Held],
        [Remove] = [UnitState.Installed],
        [Return] = [UnitState.Held, UnitState.ReturnDue],
        [Scrap] = [UnitState.InStock, UnitState.Held, UnitState.Returned],
        [HandOver] = [UnitState.InStock, UnitState.Held, UnitState.Delivered, UnitState.ReturnDue],
        [Repair] = [UnitState.InStock, UnitState.Returned, UnitState.InRepair],
    };

    /// <summary>Those that are asked for by their name.</summary>
    public static readonly IReadOnlyList<string> Actions = [Move, Install, Remove, Return, Scrap];

    public static bool Allows(UnitState state, string action) => From[action].Contains(state);

    public static IReadOnlyList<string> Allowed(UnitState state) => [.. From.Keys.Where(action => Allows(state, action))];
}
