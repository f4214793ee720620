using Microsoft.Extensions.DependencyInjection;
using Seamless.ServiceDesk.Commerce.Catalogue;
using Seamless.ServiceDesk.Commerce.Contracts;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Commerce.Ledger;
using Seamless.ServiceDesk.Commerce.Prices;
using Seamless.ServiceDesk.Commerce.Quotes;
using Seamless.ServiceDesk.Commerce.Repairs;

namespace Seamless.ServiceDesk.Commerce;

internal static class CommerceRegistration
{
    public static void AddCommerce(this IServiceCollection services) => services
        .AddSingleton<CommerceClock>().AddSingleton<ICommerceSettings, CommerceSettings>().AddSingleton<IPriceLists, PriceBook>().AddSingleton<IContracts, ContractBook>()
        .AddSingleton<IEntitlements, Entitlements>().AddSingleton<QuoteDesk>().AddSingleton<IQuotes, QuoteBook>().AddSingleton<ICostLedger, CostLedger>().AddSingleton<IRepairAdvice, RepairAdvice>();
}
