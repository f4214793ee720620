using Seamless.ServiceDesk.Commerce.Catalogue;
using Seamless.ServiceDesk.Commerce.Coverage;
using Seamless.ServiceDesk.Commerce.Prices;

namespace Seamless.ServiceDesk.Commerce.Documents;

/// <summary>Every document of commerce, each in versions.</summary>
internal static class CommerceDocuments
{
    public static readonly DocumentKind<CommercePolicy> Policy = new("policy", "commerce policy", new CommercePolicy());
    public static readonly DocumentKind<CoverageTable> Coverage = new("coverage", "coverage table", CoverageTable.Delivered);
    public static readonly DocumentKind<ServiceCatalogue> Catalogue = new("catalogue", "service catalogue", ServiceCatalogue.Delivered);

    /// <summary>None is delivered: what something costs only its seller knows.</summary>
    public static DocumentKind<PriceList> Prices(string currency) => new(PricePrefix + currency, $"price list in {currency}", null);

    public const string PricePrefix = "prices:";
}
