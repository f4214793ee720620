using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Compatibility;

/// <summary>A kind of spare that stands in no pack, or that costs or takes something else here than the pack says.</summary>
/// <param name="Criticality"><c>V</c> vital, <c>E</c> essential, <c>D</c> desirable.</param>
/// <param name="Class">By value of yearly demand: <c>A</c>, <c>B</c> or <c>C</c>.</param>
/// <param name="LeadTimeDays">From the order to the supplier until it is in the first store.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Types">Equipment types that it fits; none for any.</param>
/// <param name="AlternateTo">The part that it can stand in for, such as a local maker's for the machine maker's: the cheaper of the two goes, once it is approved. Null for none.</param>
/// <param name="Approved">An alternate is taken only when somebody has said that it may be.</param>
/// <param name="Quality">What is known of its quality, in words: a grade, a certificate, who has tested it.</param>
/// <param name="Stock">What the starter network has of it to begin with; null for none. A real network's stock comes with its file.</param>
public sealed record OwnPart(
    string Sku, LocalizedText Title, char Criticality = 'E', char Class = 'B', int LeadTimeDays = 14, decimal UnitCost = 0, string Currency = "EUR", IReadOnlyList<string>? Types = null, FirstStock? Stock = null,
    string? AlternateTo = null, bool Approved = false, string? Quality = null)
{
    private const int LongestSku = 64, LongestTitle = 200, LongestLeadTime = 1000, LongestQuality = 200;
    private const decimal MostCost = 10_000_000;

    internal Refusal? Check()
    {
        if (Sku is not { Length: > 0 and <= LongestSku } || Sku.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))) return Refusal.Invalid("own-part-sku", $"'{Sku}' is no 'sku'; it has 1 to {LongestSku} letters, digits, '-', '_' or '.'");
        if (Title is not { En.Length: > 0 and <= LongestTitle, ZhCn.Length: > 0 and <= LongestTitle }) return Refusal.Invalid("own-part-title", $"{Sku} needs a 'title' in English and in Chinese, of at most {LongestTitle} characters each");
        if (Criticality is not ('V' or 'E' or 'D')) return Refusal.Invalid("own-part-criticality", $"'{Criticality}' is no 'criticality' of {Sku}; V (vital), E (essential) or D (desirable)");
        if (Class is not ('A' or 'B' or 'C')) return Refusal.Invalid("own-part-class", $"'{Class}' is no 'class' of {Sku}; A, B or C");
        if (LeadTimeDays is < 0 or > LongestLeadTime) return Refusal.Invalid("own-part-lead-time", $"'leadTimeDays' of {Sku} is 0 to {LongestLeadTime}");
        if (UnitCost is < 0 or > MostCost) return Refusal.Invalid("own-part-cost", $"'unitCost' of {Sku} is 0 to {MostCost}");
        if (Currency is not { Length: 3 } || !Currency.All(char.IsAsciiLetterUpper)) return Refusal.Invalid("own-part-currency", $"'{Currency}' is no 'currency' of {Sku}; three letters of ISO 4217, such as EUR");
        if (Types?.Any(string.IsNullOrWhiteSpace) is true) return Refusal.Invalid("own-part-types", $"one of the 'types' of {Sku} is empty");
        if (AlternateTo is { } original && (original == Sku || string.IsNullOrWhiteSpace(original))) return Refusal.Invalid("own-part-alternate", $"'alternateTo' of {Sku} names another part, the one that it stands in for");
        if (Quality?.Length > LongestQuality) return Refusal.Invalid("own-part-quality", $"'quality' of {Sku} has at most {LongestQuality} characters");
        return Stock is { } stock && !stock.IsSane ? Refusal.Invalid("own-part-stock", $"each 'stock' of {Sku} is 0 to {FirstStock.Most} units a depot") : null;
    }

    internal PartDefinition ToDefinition() =>
        new(Sku, Title, Criticality, Class, LeadTimeDays, UnitCost, Currency, Types ?? [], null, Stock is { } stock ? (stock.National, stock.Central, stock.Regional) : default);
}

/// <summary>Units for each depot of a tier.</summary>
public sealed record FirstStock(int National = 0, int Central = 0, int Regional = 0)
{
    internal const int Most = 1000;

    internal bool IsSane => National is >= 0 and <= Most && Central is >= 0 and <= Most && Regional is >= 0 and <= Most;
}
