using System.Globalization;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Commerce.Contracts;

/// <summary>That a contract ends soon, as a message.</summary>
internal static class ContractNotice
{
    public static Notice Of(ContractRow contract, int days)
    {
        var left = days.ToString(CultureInfo.InvariantCulture);
        var headline = new LocalizedText($"Contract ends in {left} days", $"合同将于 {left} 天后到期");
        var detail = new LocalizedText($"{contract.Pack} for {contract.Device} ends {contract.End:u}", $"{contract.Device} 的 {contract.Pack} 合同将于 {contract.End:u} 到期");
        return new Notice(contract.Tenant, contract.Number, MilestoneWords.ContractExpires, days, contract.Site, contract.Customer, (audience, signature, now) => new MessageFacts(
            contract.Number, MilestoneWords.ContractExpires, headline, null, detail, Priority.P4, contract.Device, contract.Site, now, contract.Start, NextStep.Renew, contract.End, signature, audience, null));
    }
}
