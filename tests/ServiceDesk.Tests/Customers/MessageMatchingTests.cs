using Seamless.ServiceDesk.Customers.Correspondence;

namespace Seamless.ServiceDesk.Tests.Customers;

/// <summary>Which case a message is about: T-1 and T-2 are the sender's, T-3 is theirs and has ended, T-9 is somebody else's.</summary>
public sealed class MessageMatchingTests
{
    private static readonly PossibleCase[] Cases =
    [
        new("T-9", "pump-9", "SN-9", IsOpen: true, IsOwn: false), new("T-3", "pump-1", "SN-1", IsOpen: false, IsOwn: true),
        new("T-2", "pump-2", "SN-2", IsOpen: true, IsOwn: true), new("T-1", "pump-1", "SN-1", IsOpen: true, IsOwn: true),
    ];

    [Theory]
    [InlineData("T-2", "[T-1] loud", "", null, "T-2")]                    // said outright
    [InlineData(null, "Re: [T-1] Repaired", "see T-2", null, "T-1")]      // our own subject before words
    [InlineData(null, "about t-2", "T-1", null, "T-2")]                   // the subject before the text
    [InlineData(null, "hello", "it is T-3 again", null, "T-3")]           // an ended one is meant too
    [InlineData(null, "hello", "part T-1x and XT-1 and T-1-b", "T-2", "T-2")]   // no numbers of ours; it answers a message about T-2
    [InlineData(null, "T-404", "", "T-1", "T-1")]                         // no such case
    [InlineData(null, "hello", "T-1 or T-2?", "T-1", null)]               // two named: a person says which
    [InlineData(null, "hello", "T-9 or T-2?", null, "T-2")]               // of two, the one that is theirs
    [InlineData(null, "hello", "T-9", null, "T-9")]                       // a right number, though not theirs
    [InlineData(null, "hello", "pump-2 rattles", null, "T-2")]            // names a machine
    [InlineData(null, "sn-1!", "", null, "T-1")]
    [InlineData(null, "hello", "pump-10 rattles", null, null)]            // pump-1 is not in pump-10
    [InlineData(null, "hello", "pump-9 rattles", null, null)]             // nobody is put on another's case by naming its machine
    [InlineData(null, "hello", "it is loud", null, null)]
    public void A_message_finds_its_case(string? ticket, string subject, string text, string? answered, string? found) =>
        Assert.Equal(found, MessageMatching.Of(Message(ticket, subject, text), answered, Cases).Ticket);

    [Fact]
    public void Who_has_one_open_case_means_it_unless_another_machine_is_named()
    {
        PossibleCase[] one = [Cases[0], Cases[1], Cases[3]];
        Assert.Equal("T-1", MessageMatching.Of(Message(null, "hello", "it is loud"), null, one).Ticket);
        Assert.Equal("T-1", MessageMatching.Of(Message(null, "hello", "loud", serial: "sn-1"), null, one).Ticket);
        var other = MessageMatching.Of(Message(null, "hello", "loud", device: "pump-7"), null, one);
        Assert.Equal((null, "T-1"), (other.Ticket, Assert.Single(other.Candidates)));
    }

    [Fact]
    public void What_several_cases_fit_waits_with_these()
    {
        Assert.Equal(["T-2", "T-1"], MessageMatching.Of(Message(null, "hello", "it is loud"), null, Cases).Candidates);
        Assert.Empty(MessageMatching.Of(Message(null, "hello", "it is loud"), null, [Cases[0]]).Candidates);
    }

    private static IncomingMessage Message(string? ticket, string subject, string text, string? device = null, string? serial = null) =>
        new("default", MessageChannel.Email, "m-1", "lena@example.com", null, subject, text, null, ticket, null, device, serial);
}
