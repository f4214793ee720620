using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Knowledge.Articles;

/// <summary>Writes the first draft of an article from the case that was solved, in both languages: what was seen, what was done, what ended it.</summary>
internal static class CaseDraft
{
    /// <summary>The steps of a ticket that a reader can repeat.</summary>
    private static readonly string[] Told = ["finding", "guided-test", "part-installed"];

    public static async Task<IReadOnlyList<ArticleText>> WriteAsync(DeskWork work, TicketRow ticket, Closure closure, EquipmentPack? pack, FaultDefinition? fault, string author, CancellationToken ct)
    {
        await work.Db.Timeline.Where(t => t.Ticket == ticket.Number && Told.Contains(t.Kind)).LoadAsync(ct);
        var done = work.Db.Timeline.Local.Where(t => t.Ticket == ticket.Number && Told.Contains(t.Kind)).Select(t => t.Text).ToList();
        var visit = fault?.Remedies.FirstOrDefault(r => r.Playbook is null)?.Action;
        return [.. Freshness.Languages.Select(language => new ArticleText(
            language, (fault?.Title ?? ticket.Title).In(language), ProblemOf(ticket, pack, language), [.. done.Append(visit).OfType<LocalizedText>().Select(t => t.In(language)).Distinct()],
            ResolutionOf(closure, visit, language), 1, 1, author, work.Now))];
    }

    /// <summary>Who wrote the closing note wrote in this language: the other one is its translation.</summary>
    public static string LanguageOf(Closure closure) => closure.Note?.Any(c => c is >= '\u4e00' and <= '\u9fff') == true ? Freshness.Chinese : Freshness.English;

    private static string ProblemOf(TicketRow ticket, EquipmentPack? pack, string language)
    {
        var seen = ticket.Causes.SelectMany(c => c.For).Distinct().Select(code => pack?.Faults.Symptom(code)?.Title.In(language) ?? code).ToList();
        return seen.Count == 0 ? ticket.Title.In(language) : string.Join(language == Freshness.Chinese ? "；" : "; ", seen);
    }

    private static string ResolutionOf(Closure closure, LocalizedText? visit, string language)
    {
        string?[] said = [visit?.In(language), closure.Note];
        var words = string.Join(language == Freshness.Chinese ? "。" : ". ", said.Where(s => !string.IsNullOrWhiteSpace(s)).Select(s => s!.TrimEnd('.', '。')));
        return words.Length > 0 ? words : $"{closure.Mechanism}; {closure.Cause}";
    }
}
