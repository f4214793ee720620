using Seamless.ServiceDesk.Care.Contacts;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Notifications.Recipients;

namespace Seamless.ServiceDesk.Tests.Care;

public sealed class ContactRoutingTests
{
    private static readonly RecipientRow[] Recipients =
        [Recipient("mail-a", Channel.Email), Recipient("mail-b", Channel.Email), Recipient("text-b", Channel.Sms), Recipient("text-c", Channel.Sms), Recipient("team", Channel.Email)];

    [Theory]
    [InlineData("mail-a", 0, "mail-a")]    // still there
    [InlineData("mail-a", 2, "mail-b")]    // gone: by the same channel
    [InlineData("mail-a", 4, "text-c")]    // the successor is gone too
    [InlineData("mail-a", 9, null)]        // and whoever came after: nobody
    [InlineData("team", 9, "team")]        // nobody's in particular
    public void Follows_those_who_took_over(string recipient, int day, string? reached)
    {
        var routing = new ContactRouting([Contact("a", 1, "b", "mail-a"), Contact("b", 3, "c", "mail-b", "text-b"), Contact("c", 8, null, "text-c")], Recipients);
        Assert.Equal(reached, routing.Of(Recipients.Single(r => r.Id == recipient), House.Start.AddDays(day))?.Id);
    }

    [Fact]
    public void A_circle_that_was_written_past_us_ends()
    {
        var routing = new ContactRouting([Contact("a", 1, "b", "mail-a"), Contact("b", 1, "a", "mail-b")], Recipients);
        Assert.Null(routing.Of(Recipients[0], House.Start.AddDays(2)));
    }

    private static ContactRow Contact(string id, int untilDay, string? successor, params string[] recipients) => new()
    {
        Tenant = House.Tenant, Id = id, Customer = "acme", Name = id, Roles = [ContactRole.Operations], Until = House.Start.AddDays(untilDay), Successor = successor, Recipients = recipients,
    };

    private static RecipientRow Recipient(string id, Channel channel) => new()
    {
        Tenant = House.Tenant, Id = id, Title = id, Channel = channel, Sealed = "", Shown = "", Language = "en", Zone = "UTC", Milestones = [], Sites = [], Enabled = true,
    };
}
