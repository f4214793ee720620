namespace Seamless.Rules.Packs;

/// <summary>A text in the languages of the product. Identity never depends on it: codes do.</summary>
public sealed record LocalizedText(string En, string ZhCn)
{
    public string In(string culture) => culture.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? ZhCn : En;
    public override string ToString() => En;
}
