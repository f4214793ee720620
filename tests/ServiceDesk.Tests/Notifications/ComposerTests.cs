using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Notifications;

public sealed class ComposerTests
{
    [Fact]
    public void Every_milestone_has_words_for_whoever_may_be_told_of_it_and_a_name_under_them()
    {
        foreach (var audience in Enum.GetValues<Audience>())
            foreach (var milestone in MilestoneWords.For(audience))
                foreach (var language in (string[])["en", "zh"])
                {
                    var message = Some.Composer(language).Of("msg_1", Some.Facts(audience, milestone));
                    Assert.Contains("tech-7", message.Lines[^1], StringComparison.Ordinal);
                    Assert.All(message.Short, text => Assert.Contains("tech-7", text, StringComparison.Ordinal));
                    Assert.Equal(language == "zh", message.Subject.Any(c => c is >= '\u4e00' and <= '\u9fff'));
                }
    }

    [Theory]
    [InlineData("en", "Bearing")]
    [InlineData("zh", "轴承")]
    public void A_customer_reads_no_cause_and_gets_the_tracking_page(string language, string cause)
    {
        var (staff, customer) = (Some.Message(language), Some.Message(language, Audience.Customer));
        Assert.Contains(cause, staff.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(cause, customer.Text + string.Join(' ', customer.Short), StringComparison.Ordinal);
        Assert.Equal(("https://service.example.com/tickets/T-1001", "https://service.example.com/track/TRACK23"), (staff.Link, customer.Link));
        Assert.Null(Some.Message(publicUrl: null).Link);
    }

    [Theory]
    [InlineData(null, "Night desk")]
    [InlineData("  ", "Night desk")]
    [InlineData("tech-7", "tech-7")]
    public void Whom_nobody_is_assigned_to_the_desk_signs_for(string? assignee, string expected)
    {
        var ticket = new TicketRow
        {
            Number = "T-1", Key = "k", Tenant = "default", Site = "works", Customer = "acme", Tier = "standard", Title = new("Bearing", "轴承"), Causes = [], Alarms = [], Policy = "p", Pauses = [],
            TrackingCode = "c", Assignee = assignee,
        };
        var entry = new TimelineRow { Ticket = "T-1", Kind = "opened", Actor = "desk", Text = new("x", "x") };
        Assert.Equal(expected, MessageFacts.Of(ticket, entry, Audience.Customer, "Night desk").Accountable);
    }

    [Fact]
    public void A_digest_says_first_who_answers_then_one_line_each()
    {
        var rows = new[] { "opened", "en-route", "resolved" }.Select((milestone, i) => new OutboxRow
        {
            Id = $"msg_{i}", Key = milestone, Tenant = "default", Ticket = "T-1001", Milestone = milestone, Recipient = "ops", Facts = Some.Facts(milestone: milestone, accountable: $"tech-{i}"),
        }).ToList();
        var digest = Some.Composer().Digest(rows);
        Assert.Equal(("msg_0", "3 messages", 4), (digest.Id, digest.Subject, digest.Lines.Count));
        Assert.Equal("Responsible: tech-0, tech-1, tech-2", digest.Lines[0]);
    }
}
