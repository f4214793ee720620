using System.Text.RegularExpressions;

namespace Seamless.ServiceDesk.Customers.Correspondence;

/// <summary>A case that a message may be about.</summary>
/// <param name="IsOwn">The message's sender speaks for it.</param>
internal readonly record struct PossibleCase(string Number, string? Device, string? Serial, bool IsOpen, bool IsOwn);

/// <param name="Ticket">Null when a person has to say.</param>
/// <param name="Candidates">Which it may be then.</param>
internal sealed record Match(string? Ticket, IReadOnlyList<string> Candidates)
{
    public static Match To(string ticket) => new(ticket, []);
    public static Match AmongOf(IEnumerable<PossibleCase> cases) => new(null, [.. cases.Select(c => c.Number).Take(MessageMatching.MostCandidates)]);
}

/// <summary>Which case a message is about, a pure function of the message and the cases there are: the order in which messages arrive plays no part.</summary>
internal static partial class MessageMatching
{
    public const int MostCandidates = 10;

    /// <summary>The numbers that a message names, the surest first: said outright; in brackets, as our own subjects carry them; in words.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> NamedIn(IncomingMessage message) =>
    [
        message.Ticket is { } ticket ? [ticket.Trim().ToUpperInvariant()] : [],
        Numbers(InBrackets(), message.Subject), Numbers(InWords(), message.Subject), Numbers(InBrackets(), message.Text), Numbers(InWords(), message.Text),
    ];

    /// <param name="answered">The case of the message of ours that it answers.</param>
    /// <param name="cases">Every one that is named or answered, and every open one of the sender's, the newest first.</param>
    public static Match Of(IncomingMessage message, string? answered, IReadOnlyList<PossibleCase> cases)
    {
        foreach (var named in NamedIn(message).Append(answered is null ? [] : [answered]))
        {
            var meant = cases.Where(c => named.Contains(c.Number)).ToList();
            if (meant.Count > 1 && meant.Count(c => c.IsOwn) == 1) meant.RemoveAll(c => !c.IsOwn);
            if (meant.Count == 1) return Match.To(meant[0].Number);
            if (meant.Count > 1) return Match.AmongOf(meant);
        }
        return OfSender(message, [.. cases.Where(c => c is { IsOwn: true, IsOpen: true })]);
    }

    private static Match OfSender(IncomingMessage message, List<PossibleCase> open)
    {
        var about = message.Device is null && message.Serial is null
            ? open.Where(c => Mentions(message, c.Device) || Mentions(message, c.Serial)).ToList()
            : open.Where(c => Same(c.Device, message.Device) || Same(c.Serial, message.Serial)).ToList();
        if (about.Count == 1) return Match.To(about[0].Number);
        if (about.Count > 1) return Match.AmongOf(about);
        return open.Count == 1 && message.Device is null && message.Serial is null ? Match.To(open[0].Number) : Match.AmongOf(open);
    }

    private static bool Same(string? known, string? named) => named is not null && string.Equals(known, named.Trim(), StringComparison.OrdinalIgnoreCase);

    private static bool Mentions(IncomingMessage message, string? name) => name is { Length: > 2 } && (HasWord(message.Subject, name) || HasWord(message.Text, name));

    /// <summary>Whole: pump-1 is not in pump-10.</summary>
    private static bool HasWord(string? text, string name)
    {
        for (var at = text?.IndexOf(name, StringComparison.OrdinalIgnoreCase) ?? -1; at >= 0; at = text!.IndexOf(name, at + 1, StringComparison.OrdinalIgnoreCase))
            if (IsEdge(text!, at - 1) && IsEdge(text!, at + name.Length)) return true;
        return false;
    }

    private static bool IsEdge(string text, int at) => at < 0 || at >= text.Length || !(char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '_');

    private static List<string> Numbers(Regex form, string? text) => [.. form.Matches(text ?? "").Select(m => m.Groups[1].Value.ToUpperInvariant()).Distinct()];

    [GeneratedRegex(@"\[(T-\d{1,9})\]", RegexOptions.IgnoreCase)]
    private static partial Regex InBrackets();

    [GeneratedRegex(@"(?<![A-Za-z0-9_-])(T-\d{1,9})(?![A-Za-z0-9_-])", RegexOptions.IgnoreCase)]
    private static partial Regex InWords();
}
