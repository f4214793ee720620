using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Commerce.Prices;

public enum PriceKind : byte { Part, Labour, Travel, Fee }

/// <param name="Code">Of a part its SKU.</param>
/// <param name="Unit">What one of it is: piece, hour, visit, km.</param>
/// <param name="Price">Of one unit.</param>
public sealed record PriceItem(string Code, PriceKind Kind, LocalizedText Name, string Unit, decimal Price);

/// <summary>What everybody pays, in one currency.</summary>
/// <param name="Currency">ISO 4217.</param>
public sealed record PriceList(string Currency, IReadOnlyList<PriceItem> Items)
{
    private const int MostItems = 20_000;
    private const decimal MostPrice = 1_000_000_000;

    public PriceItem? Find(string code) => Items.FirstOrDefault(i => i.Code == code);

    /// <summary>The usual item of a kind: the first.</summary>
    public PriceItem? First(PriceKind kind) => Items.FirstOrDefault(i => i.Kind == kind);

    /// <returns>What is wrong with it; null when nothing is.</returns>
    public Refusal? Fault()
    {
        if (!Currencies.IsCode(Currency)) return Refusal.Invalid("currency-unknown", $"'{Currency}' is no currency; three capital letters as in ISO 4217 are expected, such as EUR");
        if (Items is not { Count: > 0 and <= MostItems }) return Refusal.Invalid("price-list-length", $"'items' has 1 to {MostItems} prices");
        if (Items.Any(i => i is null)) return Refusal.Invalid("price-list-null", "an item is null; leave it out");
        if (Items.FirstOrDefault(i => string.IsNullOrWhiteSpace(i.Code) || i.Code.Length > 100) is not null) return Refusal.Invalid("price-list-code", "every item has a 'code' of 1 to 100 characters");
        if (Items.GroupBy(i => i.Code).FirstOrDefault(g => g.Count() > 1) is { Key: { } twice }) return Refusal.Invalid("price-twice", $"'{twice}' has two prices; give one");
        foreach (var item in Items)
        {
            if (item.Price is < 0 or > MostPrice) return Refusal.Invalid("price-range", $"the price of '{item.Code}' is {item.Price}; it is 0 or more");
            if (Currencies.Round(item.Price, Currency) != item.Price) return Refusal.Invalid("price-digits", $"the price of '{item.Code}' is {item.Price}; {Currency} has {Currencies.DigitsOf(Currency)} digits after the point");
            if (string.IsNullOrWhiteSpace(item.Unit) || string.IsNullOrWhiteSpace(item.Name?.En) || string.IsNullOrWhiteSpace(item.Name.ZhCn)) return Refusal.Invalid("price-fields", $"'{item.Code}' needs a 'unit' and a 'name' in both languages");
        }
        return Missing(PriceKind.Labour) ?? Missing(PriceKind.Travel);
    }

    private Refusal? Missing(PriceKind kind) => First(kind) is null ? Refusal.Invalid("price-list-kind", $"the list has no item of kind {kind.ToString().ToLowerInvariant()}; every quote needs its price, 0 when it is free") with { Values = [kind.ToString()] } : null;
}
