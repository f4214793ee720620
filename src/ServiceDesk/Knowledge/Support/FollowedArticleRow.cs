namespace Seamless.ServiceDesk.Knowledge.Support;

/// <summary>A customer, by the ticket whose code they have, wants to hear when an article changes.</summary>
internal sealed class FollowedArticleRow
{
    public required string Article { get; init; }
    public required string Ticket { get; init; }
    public DateTimeOffset Since { get; init; }
}
