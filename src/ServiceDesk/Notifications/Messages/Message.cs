namespace Seamless.ServiceDesk.Notifications.Messages;

/// <summary>A message in its reader's words, before a channel gives it its form.</summary>
/// <param name="Id">The same in every attempt.</param>
/// <param name="Thread">What belongs together: the ticket.</param>
/// <param name="Subject">One line.</param>
/// <param name="Lines">What, where, since when, what next, who answers for it.</param>
/// <param name="Short">Ever shorter forms for where little fits; each names who answers for it.</param>
/// <param name="Link">Where to read more; null when the platform's address is not known.</param>
/// <param name="Facts">One for a milestone, several for a digest; what programs are told.</param>
internal sealed record Message(
    string Id, string Thread, string Subject, IReadOnlyList<string> Lines, IReadOnlyList<string> Short, string? Link, string LinkText, string Language, DateTimeOffset At, IReadOnlyList<MessageFacts> Facts)
{
    public string Text => string.Join('\n', Link is null ? [Subject, .. Lines] : [Subject, .. Lines, Link]);
    public bool IsDigest => Facts.Count > 1;

    /// <summary>How a tip's reader unsubscribes; null for all else.</summary>
    public UnsubscribeLinks? Unsubscribe { get; init; }
}

/// <param name="Page">For people: opening it changes nothing.</param>
/// <param name="OneClick">For mail programs, which post to it (RFC 8058).</param>
internal sealed record UnsubscribeLinks(string Page, string OneClick);
